import {
  followEvents,
  nomadOperations,
  openCall,
  readEvents,
  type FetchAnswer,
  type NomadOptions,
} from "@parley/nomad";
import { describe, expect, it } from "vitest";

const encoder = new TextEncoder();
const event = (index: number, more: object = {}): string =>
  `${JSON.stringify({ Index: index, Events: [{ Topic: "Job", Type: "JobRegistered", Key: "web", Namespace: "default", Payload: { Job: { Status: "running", ID: "web" } }, ...more }] })}\n`;

/** A Nomad whose n-th connection says the n-th list of chunks. */
function streaming(...connections: (string[] | number)[]): {
  fetch: NonNullable<NomadOptions["fetch"]>;
  urls: string[];
} {
  const urls: string[] = [];
  return {
    urls,
    async fetch(url): Promise<FetchAnswer> {
      const said = connections[urls.length];
      urls.push(url);
      if (said === undefined) throw new Error("nobody listens");
      if (typeof said === "number") return new Response("Permission denied", { status: said });
      async function* body(): AsyncGenerator<Uint8Array> {
        for (const chunk of said as string[]) yield encoder.encode(chunk);
      }
      return { status: 200, headers: new Headers(), body: body() };
    },
  };
}

describe("followEvents", () => {
  it("goes on after the last index when the stream breaks, and says so", async () => {
    const long = event(8);
    const { fetch, urls } = streaming(["{}\n", event(7)], [], ["{}\n", long.slice(0, 20), long.slice(20)]);
    const stop = new AbortController();
    const pauses: number[] = [];
    const sleep = async (ms: number): Promise<void> => void pauses.push(ms);
    const seen: unknown[] = [];
    const call = openCall({ fetch, env: {}, sleep, signal: stop.signal });
    for await (const batch of followEvents(call, { topics: ["Job:web", "Node"] })) {
      seen.push([batch.reconnected, batch.events.map(({ index, status }) => [index, status])]);
      if (batch.events.some(({ index }) => index === 8)) stop.abort();
    }
    expect(seen).toEqual([
      [false, [[7, "running"]]],
      [true, []],
      [false, [[8, "running"]]],
    ]);
    expect(urls.map((url) => new URL(url).search)).toEqual([
      "?namespace=default&topic=Job%3Aweb&topic=Node",
      "?namespace=default&topic=Job%3Aweb&topic=Node&index=8",
      "?namespace=default&topic=Job%3Aweb&topic=Node&index=8",
    ]);
    expect(pauses).toEqual([500, 1000]);
  });

  it("ends quietly when it is stopped while it waits to connect again", async () => {
    const stop = new AbortController();
    const { fetch } = streaming([]);
    setTimeout(() => stop.abort(), 20);
    const following = followEvents(openCall({ fetch, env: {}, signal: stop.signal }), { topics: ["Job"] });
    expect(await following.next()).toEqual({ done: true, value: undefined });
  });

  it("does not hammer on what trying again cannot mend", async () => {
    const { fetch, urls } = streaming(403);
    const following = followEvents(openCall({ fetch, env: {} }), { topics: ["Job"] }).next();
    await expect(following).rejects.toMatchObject({ code: "E_ENGINE_FORBIDDEN" });
    expect(urls).toHaveLength(1);
  });

  it.each(["nonsense\n", '{"Events": 5}\n'])("refuses the line %j", async (line) => {
    const { fetch } = streaming([line]);
    const following = followEvents(openCall({ fetch, env: {} }), { topics: ["Job"] }).next();
    await expect(following).rejects.toMatchObject({ code: "E_ENGINE_OUTPUT" });
  });

  it("bears a payload it does not know", async () => {
    const { fetch } = streaming([event(3, { Payload: { Job: 5 } })]);
    const { events } = await readEvents({ max_events: 1 }, { fetch, env: {} });
    expect(events).toEqual([
      { index: 3, topic: "Job", type: "JobRegistered", key: "web", namespace: "default" },
    ]);
  });
});

describe("read_events", () => {
  it("answers what came and where to go on", async () => {
    const { fetch, urls } = streaming(["{}\n", event(7), event(9)]);
    const answer = await readEvents({ topics: ["Allocation"], cursor: 4, max_events: 2 }, { fetch, env: {} });
    expect(answer).toMatchObject({ cursor: 9, events: [{ index: 7 }, { index: 9 }] });
    expect(urls[0]).toContain("index=5");
    const quiet = await readEvents({ cursor: 9 }, { fetch: streaming(["{}\n"]).fetch, env: {} });
    expect(quiet).toEqual({ events: [], cursor: 9 });
  });

  it("takes topics by name alone", async () => {
    const entry = nomadOperations.find(({ name }) => name === "read_events");
    for (const topic of ["*", "ACLToken", "Job:a b", "Job:\n"]) {
      expect(entry?.input.safeParse({ topics: [topic] }).success).toBe(false);
    }
  });
});
