import { maxRequestLength, parseRequest } from "@parley/secretary";
import { expect, test } from "vitest";
import { world } from "./cases/case.ts";

test.each(["", "   ", "\n\t", "\u200b\u202e", "\u0000\u0007"])(
  "a request without words is refused: %j",
  (text) => {
    expect(() => parseRequest(text)).toThrowError(expect.objectContaining({ code: "E_REQUEST_EMPTY" }));
  },
);

test("a request beyond the limit is refused, one at the limit is read", () => {
  expect(() => parseRequest("a".repeat(maxRequestLength + 1))).toThrowError(
    expect.objectContaining({ code: "E_REQUEST_TOO_LONG", details: { length: 16_385, limit: 16_384 } }),
  );
  expect(parseRequest("a".repeat(maxRequestLength)).requirements.unresolved).toEqual([]);
});

test.each([
  "a",
  "1",
  " ",
  "1,",
  "1 ",
  "a ",
  "-",
  "/a",
  "a.",
  "x@",
  "srun ",
  "run ./a ",
  "1 node ",
  "at least ",
  "`",
  '"',
  "a_=",
  "twenty-",
  "lammps ",
  "with a ",
])("16 kB of %j end", (unit) => {
  const text = `2 nodes ${unit.repeat(16_000 / unit.length)}`;
  expect(parseRequest(text, world).requirements.schema).toBe("job-requirements/1");
});

test("a request in 10 kB of noise keeps its meaning", () => {
  const noise = "lorem ipsum dolor sit amet ".repeat(190);
  const { requirements } = parseRequest(`${noise} gromacs on 2 nodes ${noise}`, world);
  expect(requirements).toMatchObject({
    compute: { nodes: { min: 2, max: 2 } },
    software: [{ name: "gromacs" }],
    unresolved: [],
  });
});

test("what a span quotes is the request's own words", () => {
  const { spans, text } = parseRequest("Run LAMMPS on three nodes", world);
  expect(text).toBe("Run LAMMPS on three nodes");
  expect(spans).toEqual([
    { path: "software.0", start: 4, end: 10, text: "LAMMPS", rule: "software" },
    { path: "compute.nodes", start: 14, end: 25, text: "three nodes", rule: "nodes" },
  ]);
});

test("hours are read in the zone of the context, across a change of clocks", () => {
  const context = { now: Date.parse("2026-03-28T12:00:00Z"), timeZone: "Europe/Berlin" };
  const deadline = (text: string): string | undefined =>
    parseRequest(text, context).requirements.time?.deadlineAt;
  expect(deadline("done by 18:00")).toBe("2026-03-28T17:00:00.000Z");
  expect(deadline("done by tomorrow 9am")).toBe("2026-03-29T07:00:00.000Z");
  expect(deadline("done by 9am")).toBe("2026-03-29T07:00:00.000Z");
  expect(deadline("done by 31 February")).toBeUndefined();
});

test.each([
  ["run hostname on one node for 10 minutes", undefined],
  ["run on 10 nodes", undefined],
  ["10 nodes on alps", { only: ["alps"] }],
  ["use worker 10", { only: ["10"] }],
  ["one node, not on site 10", { exclude: ["10"] }],
  ['run it on "10" or the alps cluster', { only: ["10", "alps"] }],
])("an amount is no cluster of that name: %s", (text, placement) => {
  const { requirements } = parseRequest(text, { clusters: ["10", "alps"] });
  expect(requirements.placement).toEqual(placement);
  expect(requirements.unresolved).toEqual([]);
});

test("names that the clusters report are software", () => {
  const text = "acme-solver on 2 nodes";
  const known = parseRequest(text, { vocabulary: ["Acme-Solver"] });
  expect(known.requirements.software).toEqual([{ name: "Acme-Solver" }]);
  expect(parseRequest(text).requirements.software).toBeUndefined();
});

test.each([
  ["run it on HPC.1", { only: ["hpc.1"] }],
  ["run it on hpcx1", undefined],
  ["alpsee", undefined],
  ["anything but Alps", { exclude: ["alps"] }],
])("cluster names are matched whole, in any case: %s", (text, placement) => {
  const { requirements } = parseRequest(text, { clusters: ["hpc.1", "alps"] });
  expect(requirements.placement).toEqual(placement);
});
