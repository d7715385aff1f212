import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEvents, createFileWatch, createTimer } from "@parley/events";
import { createRegistry, type EventSource } from "@parley/tool-registry";
import { fakeClock } from "@parley/testing";
import { describe, expect, it, onTestFinished, vi } from "vitest";

async function follow(source: EventSource, params: Record<string, unknown>) {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const events: unknown[] = [];
  const failures: unknown[] = [];
  await source.subscribe(params, {
    signal: stop.signal,
    emit: (data) => events.push(data),
    fail: (error) => failures.push(error),
  });
  return { events, failures, stop };
}

async function folder(): Promise<string> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "parley-events-")));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

describe("[LOAD-25] timer", () => {
  it("ticks at its interval, as often as asked", async () => {
    const clock = fakeClock();
    const { events } = await follow(createTimer({ clock }), { every_seconds: 0.05, count: 2 });
    await vi.waitFor(() => expect(events).toHaveLength(2));
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(events).toEqual([
      { tick: 1, time: "2026-01-01T00:00:00.000Z" },
      { tick: 2, time: "2026-01-01T00:00:00.000Z" },
    ]);
  });

  it("stops with its subscription", async () => {
    const { events, stop } = await follow(createTimer(), { every_seconds: 0.05 });
    await vi.waitFor(() => expect(events.length).toBeGreaterThan(0));
    stop.abort();
    const { length } = events;
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(events).toHaveLength(length);
  });

  it.each([{ every_seconds: 0 }, { every_seconds: "1" }, { count: 0 }, { other: 1 }])(
    "refuses %j",
    async (params) => {
      await expect(follow(createTimer(), params)).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
    },
  );
});

describe("[LOAD-25] file-watch", () => {
  it("tells what is created, changed and removed in a folder, and not below it", async () => {
    const root = await folder();
    await mkdir(join(root, "below"));
    const source = createFileWatch({ roots: [root] });
    const { events } = await follow(source, { path: ".", every_seconds: 0.05 });
    const path = join(root, "a.log");
    await writeFile(path, "1");
    await vi.waitFor(() => expect(events).toEqual([{ type: "created", path, bytes: 1 }]));
    await writeFile(path, "12");
    await vi.waitFor(() => expect(events[1]).toEqual({ type: "changed", path, bytes: 2 }));
    await rm(path);
    await vi.waitFor(() => expect(events[2]).toEqual({ type: "removed", path }));
    expect(events).toHaveLength(3);
  });

  it("watches one file", async () => {
    const root = await folder();
    const path = join(root, "b.log");
    await writeFile(path, "");
    await writeFile(join(root, "other"), "");
    const { events } = await follow(createFileWatch({ roots: [root] }), { path, every_seconds: 0.05 });
    await writeFile(join(root, "other"), "x");
    await writeFile(path, "xyz");
    await vi.waitFor(() => expect(events).toEqual([{ type: "changed", path, bytes: 3 }]));
  });

  it("does not leave its roots, by dots, absolute paths or links", async () => {
    const [root, outside] = [await folder(), await folder()];
    await writeFile(join(outside, "secret"), "");
    await symlink(outside, join(root, "link"));
    const source = createFileWatch({ roots: [root] });
    for (const path of [
      "..",
      outside,
      join(outside, "secret"),
      "link",
      "link/secret",
      "/etc/passwd",
      "absent",
    ]) {
      const refused = follow(source, { path, every_seconds: 0.05 });
      await expect(refused).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
    }
  });

  it("shows nothing of what a watched folder is replaced by", async () => {
    const [root, outside] = [await folder(), await folder()];
    await mkdir(join(root, "in"));
    await writeFile(join(root, "in", "own"), "");
    await writeFile(join(outside, "secret"), "");
    const { events } = await follow(createFileWatch({ roots: [root] }), { path: "in", every_seconds: 0.05 });
    await rm(join(root, "in"), { recursive: true });
    await symlink(outside, join(root, "in"));
    await vi.waitFor(() => expect(events).toEqual([{ type: "removed", path: join(root, "in", "own") }]));
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(JSON.stringify(events)).not.toContain("secret");
  });

  it("looks at no more entries than it may", async () => {
    const root = await folder();
    const source = createFileWatch({ roots: [root], maxEntries: 2 });
    const { events } = await follow(source, { path: ".", every_seconds: 0.05 });
    await Promise.all(["a", "b", "c", "d"].map((name) => writeFile(join(root, name), "")));
    await vi.waitFor(() => expect(events.length).toBeGreaterThan(0));
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(events).toHaveLength(2);
  });
});

it("createEvents gives both to a registry, with a prefix", () => {
  const registry = createRegistry();
  const kit = createEvents({ prefix: "site_" });
  registry.replace(kit.origin, kit);
  expect(registry.events.map(({ name }) => name)).toEqual(["site_file-watch", "site_timer"]);
});
