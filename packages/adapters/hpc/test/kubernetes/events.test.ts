import { kubernetesEvents } from "@parley/hpc";
import { which } from "@parley/exec";
import { dirname } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FakeCluster, startFakeCluster } from "./_fake-cluster.ts";

const kubectl = await which("kubectl");
let cluster: FakeCluster;
let end: AbortController;
let emitted: Record<string, unknown>[];
let failures: unknown[];

beforeEach(async () => {
  cluster = await startFakeCluster(kubectl === undefined ? undefined : dirname(kubectl));
  end = new AbortController();
  emitted = [];
  failures = [];
});
afterEach(async () => {
  end.abort();
  await cluster.close();
});

const subscribe = (params: Record<string, unknown>): Promise<void> =>
  kubernetesEvents({ env: cluster.env, sleep: async () => {} }).subscribe(params, {
    signal: end.signal,
    emit: (event) => void emitted.push(Object.assign({}, event)),
    fail: (error) => void failures.push(error),
  });
const pod = (name: string, phase: string) => ({ kind: "Pod", metadata: { name }, status: { phase } });

test("[HPK-70] what ends is told once, also when the watch begins again, and what is there is told first", async () => {
  cluster.add(pod("before", "Succeeded"));
  cluster.add(pod("runs", "Running"));
  await subscribe({ resource_type: "pods" });
  await expect.poll(() => cluster.watching, { timeout: 60_000 }).toBe(1);
  cluster.add(pod("runs", "Failed"));
  await expect.poll(() => emitted.length, { timeout: 60_000 }).toBe(2);
  cluster.endWatches();
  await expect.poll(() => cluster.watching, { timeout: 60_000 }).toBe(1);
  cluster.add(pod("after", "Succeeded"));
  await expect.poll(() => emitted.length, { timeout: 60_000 }).toBe(3);
  expect(emitted.map(({ name, state }) => `${String(name)} ${String(state)}`)).toEqual([
    "before succeeded",
    "runs failed",
    "after succeeded",
  ]);
  expect(emitted[0]).toEqual({
    type: "ADDED",
    name: "before",
    namespace: "default",
    resource: "Pod",
    creation_timestamp: "2026-11-20T10:40:46Z",
    status: "Succeeded",
    state: "succeeded",
  });
  end.abort();
  await expect.poll(() => cluster.watching, { timeout: 60_000 }).toBe(0);
  expect(failures).toEqual([]);
}, 90_000);

test("[HPK-71] a pattern of names, and everything that happens", async () => {
  await subscribe({ resource_type: "jobs.batch", name_pattern: "md-*", only_completed: false });
  await expect.poll(() => cluster.watching, { timeout: 60_000 }).toBe(1);
  const job = (name: string) => ({
    kind: "Job",
    metadata: { name },
    spec: { template: { spec: { containers: [{ name: "main", image: "a:1" }] } } },
  });
  cluster.add(job("other"));
  cluster.add(job("md-1"));
  cluster.finish("md-1", 0);
  await expect.poll(() => emitted.at(-1)?.["state"], { timeout: 60_000 }).toBe("succeeded");
  expect(new Set(emitted.map(({ name }) => name))).toEqual(new Set(["md-1"]));
  expect(emitted.map(({ status }) => status)).toEqual(
    expect.arrayContaining(["PENDING", "RUNNING", "COMPLETED"]),
  );
}, 60_000);

test("[HPK-72] a subscription to what may not be read, or is not there, fails when it is made", async () => {
  await expect(subscribe({ resource_type: "gadgets" })).rejects.toMatchObject({ code: "E_OBJECT_UNKNOWN" });
  await expect(subscribe({ is_custom_resource: true, plural: "x" })).rejects.toMatchObject({
    code: "E_ARGUMENT_INVALID",
  });
  await expect(subscribe({ resource_type: "--all" })).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
  cluster.forbidden = true;
  await expect(subscribe({})).rejects.toMatchObject({ code: "E_ENGINE_FORBIDDEN" });
}, 60_000);
