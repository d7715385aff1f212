import { createNomad, nomadEvents, type FetchAnswer } from "@parley/nomad";
import { describe, expect, it, vi } from "vitest";

const encoder = new TextEncoder();
const frame = (index: number, id = "web"): string =>
  `${JSON.stringify({ Index: index, Events: [{ Topic: "Job", Type: "JobRegistered", Key: id, Namespace: "default", Payload: { Job: { Status: "running" } } }] })}\n`;

/** Answers one connection after the other; a function is a connection that stays open until it is aborted. */
function connections(...said: (readonly string[] | number)[]) {
  const urls: string[] = [];
  let open = 0;
  const fetch = async (url: string, { signal }: { readonly signal: AbortSignal }): Promise<FetchAnswer> => {
    const next = said[urls.length];
    urls.push(url);
    if (typeof next === "number")
      return new Response(next === 403 ? "Permission denied" : "404 page not found", { status: next });
    const lines = next ?? [];
    open += 1;
    async function* body(): AsyncGenerator<Uint8Array> {
      try {
        for (const line of lines) yield encoder.encode(line);
        if (next === undefined)
          await new Promise((_resolve, reject) => signal.addEventListener("abort", reject));
      } finally {
        open -= 1;
      }
    }
    return { status: 200, headers: new Headers(), body: body() };
  };
  return { fetch, urls, open: () => open };
}

async function subscribed(fetch: ReturnType<typeof connections>["fetch"], params: object = {}) {
  const stop = new AbortController();
  const seen: unknown[] = [];
  const failures: unknown[] = [];
  const source = nomadEvents({ fetch, env: {}, sleep: async () => undefined });
  const sink = {
    signal: stop.signal,
    emit: (data: unknown) => seen.push(data),
    fail: (error: unknown) => failures.push(error),
  };
  await source.subscribe({ ...params }, sink);
  return { stop, seen, failures };
}

describe("[NMD-06] nomad-events", () => {
  it("tells what happened, goes on after the last index where the stream broke, and says that it did", async () => {
    const { fetch, urls } = connections(["{}\n", frame(7), frame(9)], ["{}\n", frame(11)]);
    const { stop, seen, failures } = await subscribed(fetch, { topics: ["Job:web"], after: 5 });
    await vi.waitFor(() => expect(urls.length).toBeGreaterThanOrEqual(3));
    stop.abort();
    expect(seen.slice(0, 4)).toEqual([
      { index: 7, topic: "Job", type: "JobRegistered", key: "web", namespace: "default", status: "running" },
      expect.objectContaining({ index: 9 }),
      { reconnected: true },
      expect.objectContaining({ index: 11 }),
    ]);
    expect(urls.slice(0, 3).map((url) => new URL(url).searchParams.get("index"))).toEqual(["6", "10", "12"]);
    expect(failures).toEqual([]);
  });

  it("frees its connection when the subscriber goes", async () => {
    const { fetch, open } = connections();
    const { stop, failures } = await subscribed(fetch);
    await vi.waitFor(() => expect(open()).toBe(1));
    stop.abort();
    await vi.waitFor(() => expect(open()).toBe(0));
    expect(failures).toEqual([]);
  });

  it.each([
    [403, "E_ENGINE_FORBIDDEN"],
    [404, "E_OBJECT_UNKNOWN"],
  ])("fails for good on %i", async (status, code) => {
    const { fetch, urls } = connections(status);
    const { failures } = await subscribed(fetch);
    await vi.waitFor(() => expect(failures).toMatchObject([{ code }]));
    expect(urls).toHaveLength(1);
  });

  it("fails on a line without end instead of keeping it", async () => {
    const { fetch } = connections(Array.from({ length: 10 }, () => "x".repeat(1024 * 1024)));
    const { failures } = await subscribed(fetch);
    await vi.waitFor(() => expect(failures).toMatchObject([{ code: "E_ENGINE_OUTPUT" }]), { timeout: 5000 });
  });

  it("refuses topics there are not, and all topics at once", async () => {
    const { fetch } = connections();
    for (const topics of [["*"], ["Secret"], [], ["Job: x"]]) {
      await expect(subscribed(fetch, { topics })).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
    }
  });

  it("is served with read_events, under the toolkit's prefix", () => {
    const named = (options: Parameters<typeof createNomad>[0]) =>
      createNomad({ env: {}, ...options }).events.map(({ name }) => name);
    expect(named({})).toEqual([]);
    expect(named({ toolsets: ["cluster"], prefix: "n_" })).toEqual(["n_nomad-events"]);
  });
});
