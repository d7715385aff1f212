import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ParleyError } from "@parley/core";
import {
  createKubectl,
  explainImage,
  explainUnschedulable,
  jsonDocuments,
  readJob,
  readPod,
} from "@parley/engines/kubernetes";
import type { Kubectl } from "@parley/engines/kubernetes";
import { type Recording, loadRecordings, replayRun } from "@parley/testing";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

const fixtures = join(import.meta.dirname, "fixtures");

/** kubectl with the recordings of a real 1.20 cluster; the time limit is left out of what was recorded. */
function recorded(...more: readonly Recording[]): {
  kubectl: Kubectl;
  calls: readonly (readonly string[])[];
} {
  const known = [...loadRecordings(fixtures, "k8s-1.20"), ...more].map((recording) => ({
    ...recording,
    argv: String(recording.argv)
      .replace(/^kubectl /, "")
      .replace(" -o json", " --output=json"),
  }));
  const replay = replayRun(known);
  const calls: (readonly string[])[] = [];
  const run: typeof replay = Object.assign(
    (argv: readonly string[], options?: Parameters<typeof replay>[1]) => {
      calls.push(argv);
      return replay(
        argv.slice(1).filter((word) => !word.startsWith("--request-timeout=")),
        options,
      );
    },
    { calls },
  );
  return {
    kubectl: createKubectl({ run, environment: { PATH: "/bin", KUBECONFIG: "/k", SECRET: "x" } }),
    calls,
  };
}

const read = (file: string): readonly unknown[] =>
  JSON.parse(readFileSync(join(fixtures, "k8s-1.20", file), "utf8")).items;
const failed = async (work: Promise<unknown>): Promise<ParleyError> => {
  const error: unknown = await work.then(
    () => "it went well",
    (reason: unknown) => reason,
  );
  if (!ParleyError.isInstance(error)) throw new Error(`Not refused: ${String(error)}`);
  return error;
};

describe("kubectl of a 1.20 cluster", () => {
  test("[HPK-01] reads the recorded objects, under a limit that kubectl keeps too", async () => {
    const { kubectl, calls } = recorded();
    expect(await kubectl.json(["get", "jobs", "-A"])).toMatchObject({ kind: "List" });
    expect(calls[0]).toEqual(["kubectl", "--request-timeout=19s", "get", "jobs", "-A", "--output=json"]);
  });

  test("[HPK-02] never takes the empty list of a refusal for an answer", async () => {
    const { kubectl } = recorded({
      argv: "kubectl get nodes -o json",
      stdout: readFileSync(join(fixtures, "k8s-1.20/forbidden.json"), "utf8"),
      stderr: readFileSync(join(fixtures, "k8s-1.20/forbidden.json.err"), "utf8"),
      exitCode: 1,
    });
    const error = await failed(kubectl.json(["get", "nodes"]));
    expect(error.code).toBe("E_ENGINE_FORBIDDEN");
    expect(error.message).toMatch(/refused this user: nodes is forbidden: User "viewer"/);
  });

  test.each([
    ["error: stat /nonexistent: no such file or directory", "E_ENGINE_UNREACHABLE"],
    [
      "The connection to the server localhost:8080 was refused - did you specify the right host or port?",
      "E_ENGINE_UNREACHABLE",
    ],
    [
      'E1120 memcache.go:265] "Unhandled Error"\nUnable to connect to the server: dial tcp: lookup k: no such host',
      "E_ENGINE_UNREACHABLE",
    ],
    ['Error from server (NotFound): jobs.batch "x" not found', "E_OBJECT_UNKNOWN"],
    ['Error from server (AlreadyExists): jobs.batch "x" already exists', "E_OBJECT_CONFLICT"],
    ['error: Apply failed with 1 conflict: conflict with "helm": .spec.replicas', "E_OBJECT_CONFLICT"],
    ['The Job "bad" is invalid: * spec.template.spec.restartPolicy: Required value', "E_ENGINE_REFUSED"],
    ['error: the server doesn\'t have a resource type "gadgets"', "E_OBJECT_UNKNOWN"],
    ["error: You must be logged in to the server (Unauthorized)", "E_ENGINE_FORBIDDEN"],
  ])("[HPK-03] %s", async (stderr, code) => {
    const { kubectl } = recorded({ argv: "kubectl get x -o json", stderr, exitCode: 1 });
    expect((await failed(kubectl.json(["get", "x"]))).code).toBe(code);
  });

  test("[HPK-03] without kubectl, and with output beyond measure", async () => {
    const missing = createKubectl({ run: replayRun([], { onUnknown: "not-found" }), environment: {} });
    expect(await failed(missing.read(["get", "pods"]))).toMatchObject({
      code: "E_ENGINE_MISSING",
      message: "kubectl was not found: install it or correct PATH.",
    });
    const { kubectl } = recorded({ argv: "kubectl get x", failure: "output-limit" });
    expect((await failed(kubectl.read(["get", "x"]))).code).toBe("E_EXEC_OUTPUT_LIMIT");
  });

  test("secrets in its complaints are hidden", async () => {
    const { kubectl } = recorded({
      argv: "kubectl get x",
      stderr: "error: bad token=abcdefgh123 for you",
      exitCode: 1,
    });
    expect((await failed(kubectl.read(["get", "x"]))).message).not.toContain("abcdefgh123");
  });
});

describe("pods and jobs as recorded", () => {
  const pods = read("pods.json").flatMap((object) => readPod(object) ?? []);
  const why = Object.fromEntries(pods.map(({ name, why }) => [name.replace(/-\w+$/, ""), why]));

  test("[HPK-04] say in words why they do not run", () => {
    expect(why).toEqual({
      failjob: "Container c ended with exit code 42.",
      gpujob: "It is being deleted.",
      hello: "It is being deleted.",
      realjob: undefined,
      toobig2: "None of 4 nodes can take it: 4 nodes have not enough free NVIDIA GPUs.",
    });
  });

  test("[HPK-04] say where they are while nothing has begun there", () => {
    const object = read("pods.json").find((pod) => readPod(pod)?.name.startsWith("gpujob-"));
    const text = JSON.stringify(object).replace('"deletionTimestamp"', '"formerly"');
    expect(readPod(JSON.parse(text))?.why).toBe(
      "It was given to node gpu-1, whose kubelet has not reported yet.",
    );
  });

  test("[HPK-05] say how jobs ended, with the exit code of the container that failed", () => {
    const of = (name: string): unknown => {
      const object = read("jobs.json").find((job) => readJob(job)?.name === name);
      return readJob(
        object,
        pods.filter((pod) => pod.name.startsWith(`${name}-`)),
      );
    };
    expect(of("failjob")).toMatchObject({
      state: "FAILED",
      exitCode: 42,
      why: "The job failed: its pods failed more often than backoffLimit allows. Container c ended with exit code 42.",
    });
    expect(of("realjob")).toMatchObject({
      state: "COMPLETED",
      succeeded: 1,
      completedAt: "2026-11-20T10:40:47Z",
    });
    expect(of("toobig2")).toMatchObject({ state: "PENDING", why: why["toobig2"] });
  });

  test("are read leniently", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(() => [readPod(value), readJob(value)]).not.toThrow();
      }),
    );
  });
});

describe("[HPK-06] in words", () => {
  test.each([
    [
      "0/6 nodes are available: 1 Insufficient memory, 2 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 3 Insufficient cpu. preemption: 0/6 nodes are available: 6 No preemption victims found for incoming pod.",
      "None of 6 nodes can take it: 1 node has not enough free memory; 2 nodes have a taint this pod does not tolerate (node-role.kubernetes.io/control-plane); 3 nodes have not enough free CPU cores.",
    ],
    [
      "0/4 nodes are available: 1 node(s) had taint {node.kubernetes.io/not-ready: }, that the pod didn't tolerate, 3 Insufficient nvidia.com/gpu.",
      "None of 4 nodes can take it: 1 node has a taint this pod does not tolerate (node.kubernetes.io/not-ready); 3 nodes have not enough free NVIDIA GPUs.",
    ],
    [
      "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
      "None of 3 nodes can take it: 3 nodes have not the labels that its node selector or affinity asks for.",
    ],
    [
      "0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.",
      "None of 2 nodes can take it: its PersistentVolumeClaim has no volume yet.",
    ],
    [
      "0/2 nodes are available: 2 gremlin(s) on the line.",
      "None of 2 nodes can take it: 2 gremlin(s) on the line.",
    ],
    ["no nodes available to schedule pods", "no nodes available to schedule pods"],
  ])("%s", (message, said) => {
    expect(explainUnschedulable(message)).toBe(said);
  });
});

describe("[HPK-06] in words", () => {
  test.each([
    ["manifest for x:1 not found: manifest unknown", /does not exist; check its name and tag/],
    ["pull access denied, repository does not exist or may require authorization", /private or misspelt/],
    ["unauthorized: authentication required", /private or misspelt/],
    ["dial tcp: lookup registry.example: no such host", /cannot be reached from the node/],
    ["toomanyrequests: You have reached your pull rate limit", /limits how often/],
  ])("an image that cannot be fetched: %s", (message, said) => {
    expect(explainImage("ImagePullBackOff", message, "x:1")).toMatch(said);
  });
});

async function* chunks(text: string, sizes: readonly number[]): AsyncGenerator<string> {
  let at = 0;
  for (const size of sizes) {
    yield text.slice(at, at + size);
    at += size;
  }
  yield text.slice(at);
}

test("[HPK-07] a stream of objects is split where they end, however it is cut", async () => {
  const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 6 });
  const sizes = fc.array(fc.nat({ max: 20 }), { maxLength: 50 });
  await fc.assert(
    fc.asyncProperty(objects, sizes, fc.boolean(), async (values, sizes, pretty) => {
      const text = values.map((value) => JSON.stringify(value, undefined, pretty ? 4 : undefined)).join("\n");
      const found: unknown[] = [];
      for await (const value of jsonDocuments(chunks(text, sizes))) found.push(value);
      expect(found).toEqual(values.map((value) => JSON.parse(JSON.stringify(value))));
    }),
  );
});
