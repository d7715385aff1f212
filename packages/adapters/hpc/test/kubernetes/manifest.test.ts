import { validateManifest } from "@parley/hpc";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

const job = (more = "", container = ""): string => `apiVersion: batch/v1
kind: Job
metadata:
  name: hello
spec:
  activeDeadlineSeconds: 60
  ttlSecondsAfterFinished: 60
${more}  template:
    spec:
      restartPolicy: Never
      containers:
        - name: main
          image: busybox:1.36
          resources:
            requests: {cpu: 1, memory: 1Gi}
${container}`;

const found = async (text: string): Promise<string[]> =>
  (await validateManifest(text)).findings.map(({ line, level, rule }) => `${String(line)} ${level} ${rule}`);

test("[HPK-60] a good job has no finding, and its schema was looked at", async () => {
  const { objects, findings } = await validateManifest(job());
  expect(findings).toEqual([]);
  expect(objects).toEqual([
    { document: 1, api_version: "batch/v1", kind: "Job", name: "hello", schema_checked: true },
  ]);
});

describe("[HPK-61] faults by line", () => {
  test.each<[what: string, text: string, expected: string[]]>([
    ["a wrong type", job("  backoffLimit: many\n"), ["8 error schema"]],
    ["a field nobody knows", job("  backofLimit: 1\n"), ["8 error unknown-field"]],
    ["a field nobody knows, deep", job("", "          imagePullPolice: Never\n"), ["16 error unknown-field"]],
    ["a wrong word", job("", "          imagePullPolicy: Sometimes\n"), ["16 error schema"]],
    ["an image that floats", job().replace("busybox:1.36", "busybox:latest"), ["13 warning image-unpinned"]],
    ["no requests", job().replace("requests: {cpu: 1, memory: 1Gi}", "{}"), ["15 warning no-requests"]],
    [
      "a privileged container",
      job("", "          securityContext: {privileged: true}\n"),
      ["16 warning privileged"],
    ],
    [
      "a secret in the open",
      job("", "          env: [{name: HF_TOKEN, value: hf_x}]\n"),
      ["16 error secret-in-env"],
    ],
    ["a restart policy jobs have not", job().replace("Never", "Always"), ["10 error job-restart-policy"]],
    ["a name that is none", job().replace("name: hello", "name: Hello_World"), ["4 error name"]],
    [
      "a number for a label",
      job().replace("name: hello", "name: hello\n  labels: {n: 1}"),
      ["5 error label"],
    ],
    [
      "a version that is gone",
      job().replace("batch/v1\nkind: Job", "batch/v1beta1\nkind: CronJob"),
      ["1 error removed-version"],
    ],
    ["no name", "apiVersion: v1\nkind: ConfigMap\n", ["1 error required"]],
    ["no object", "just words", ["1 error syntax"]],
    ["nothing", "", ["1 error syntax"]],
    ["broken YAML", "a: [1, 2\nb: 3", ["2 error syntax"]],
    ["a key twice", "apiVersion: v1\nkind: ConfigMap\nkind: Secret\nmetadata: {name: a}", ["3 error syntax"]],
  ])("%s", async (_what, text, expected) => {
    const errors = (await found(text)).filter((line) =>
      expected.some((each) => line.endsWith(each.split(" ").slice(1).join(" "))),
    );
    expect(errors.slice(0, 1)).toEqual(expected);
  });
});

test("[HPK-62] each document and each item of a list has its own lines", async () => {
  const list = `apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: ConfigMap\n    metadata: {name: a}\n    dataa: {}\n`;
  expect(await found(`${job()}---\n${job("  backofLimit: 1\n")}`)).toEqual([
    expect.stringMatching(/^24 error unknown-field$/),
  ]);
  expect(await found(list)).toEqual(["7 error unknown-field"]);
});

test("[HPK-62] a kind whose schema is not here is said to be unchecked", async () => {
  const { objects, findings } = await validateManifest(
    "apiVersion: kueue.x-k8s.io/v1beta1\nkind: LocalQueue\nmetadata: {name: q}\nspec: {}",
  );
  expect([objects[0]?.schema_checked, findings]).toEqual([false, []]);
});

test("[HPK-63] aliases that would grow beyond measure are refused, and any text is read", async () => {
  const bomb = [
    "a: &a [x, x, x, x, x, x, x, x, x]",
    ..."bcdefgh"
      .split("")
      .map(
        (name, at) =>
          `${name}: &${name} [${Array.from({ length: 9 }, () => `*${"abcdefg"[at] ?? "a"}`).join(", ")}]`,
      ),
  ].join("\n");
  expect(await found(bomb)).toEqual([expect.stringMatching(/error syntax/)]);
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.jsonValue().map((value) => JSON.stringify(value)),
      ),
      async (text) => {
        for (const { line } of (await validateManifest(text)).findings) expect(line).toBeGreaterThan(0);
      },
    ),
    { numRuns: 200 },
  );
});
