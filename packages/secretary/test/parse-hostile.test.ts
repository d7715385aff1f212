import { parseRequest } from "@parley/secretary";
import { assert, constantFrom, integer, property, shuffledSubarray } from "fast-check";
import { expect, test } from "vitest";
import { hostileCases } from "./cases/hostile.ts";
import { judge } from "./cases/judge.ts";

const now = Date.parse("2026-11-20T10:00:00Z");
const read = (prompt: string) => parseRequest(prompt, { now, clusters: ["perlmutter"] }).requirements;

test.each([...hostileCases])("$prompt", (held) => {
  expect(judge(held, read(held.prompt))).toEqual([]);
});

const grouped = (value: number, separator: string): string =>
  String(value).replace(/\B(?=(\d{3})+$)/g, separator);

test("a grouped number is the same number however it is grouped", () => {
  const separators = constantFrom(",", ".", "'", " ", "");
  assert(
    property(integer({ min: 1_000_000, max: 99_999_999 }), separators, (value, separator) => {
      expect(read(`at most ${grouped(value, separator)} EUR`)).toMatchObject({
        budget: { amount: value, unit: "EUR" },
        unresolved: [],
      });
    }),
  );
});

test("the size of a GPU is never its count", () => {
  const models = constantFrom("A100", "H100", "V100", "GPU");
  assert(
    property(integer({ min: 10, max: 999 }), models, constantFrom("", " ", "-"), (size, model, gap) => {
      expect(read(`one ${size}${gap}GB ${model}`)).toMatchObject({
        gpu: { vramGb: size, total: { min: 1, max: 1 } },
        unresolved: [],
      });
    }),
  );
});

test("a denial behind a name is never taken for the wish", () => {
  const things = constantFrom(
    "infiniband",
    "lustre",
    "apptainer",
    "slurm",
    "python 3.11",
    "aarch64",
    "an exclusive node",
  );
  const denials = constantFrom(
    "is not required",
    "is forbidden",
    "isn't needed",
    "not allowed",
    "is unnecessary",
  );
  assert(
    property(things, denials, (thing, denial) => {
      const { unresolved, ...wish } = read(`2 nodes, ${thing} ${denial}`);
      expect(wish).toEqual({
        schema: "job-requirements/1",
        intent: "run",
        compute: { nodes: { min: 2, max: 2 } },
      });
      expect(unresolved.join(" ")).toContain(denial);
    }),
  );
});

test("what stands in a list of what each node has is each node's, in any order", () => {
  const list = shuffledSubarray(["2 GPUs", "64 cores", "512 GB RAM"], { minLength: 3 });
  const leads = constantFrom("3 nodes each with", "3 nodes with", "3 machines, each having");
  assert(
    property(list, leads, constantFrom(", ", " and "), (items, lead, joint) => {
      expect(read(`${lead} ${items.join(joint)}`)).toMatchObject({
        compute: { nodes: { min: 3, max: 3 }, coresPerNode: { min: 64 } },
        gpu: { perNode: { min: 2, max: 2 } },
        memory: { perNodeGb: 512 },
        unresolved: [],
      });
    }),
  );
});
