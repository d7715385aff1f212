import { JobRequirements } from "@parley/core";
import { applications, parseRequest } from "@parley/secretary";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { world } from "./cases/case.ts";

const words =
  `run lammps gromacs on with at least most up to between and or 2 4 16 0 -3 1e99 1,024 2.5 999999999999999999999 half a dozen an hour
nodes node cores gpus A100 8xH100 80GB VRAM GB TB memory RAM per each rank task exclusive array of MPI openmpi 4.1 >= == < version newer
infiniband 100GbE HDR scratch lustre /scratch/x in for by 18:00 25:99 tomorrow Friday 2026-13-45 within 3h 90 minutes walltime $200 €50 dollars
node-hours docker ghcr.io/a/b:1 perlmutter avoid frontier cheapest fastest srun -N -n --gres=gpu:4 flux run mpirun -np ./a.out : ; | && \`ls\` "x" ' ( )
python cuda kokkos spack conda arm64 avx512 slurm partition debug account kubernetes namespace no not never must only ideally 3D R each ½ × – “`.split(
    /\s+/,
  );
const soup = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...words) },
      fc.string({ maxLength: 8, unit: "binary" }),
    ),
    {
      minLength: 1,
      maxLength: 40,
    },
  )
  .map((parts) => parts.join(" "))
  .filter((text) => /[a-z0-9]/i.test(text));

describe("any soup of words", () => {
  test("gives a valid record", () => {
    fc.assert(
      fc.property(soup, (text) => {
        const { requirements } = parseRequest(text, world);
        expect(JobRequirements.parse(requirements)).toEqual(requirements);
      }),
      { numRuns: 400 },
    );
  });

  test("gives spans that lie in the text, in order, without overlap, and quote it", () => {
    fc.assert(
      fc.property(soup, (text) => {
        const parsed = parseRequest(text, world);
        let end = 0;
        for (const span of parsed.spans) {
          expect(span.start).toBeGreaterThanOrEqual(end);
          expect(span.end).toBeGreaterThan(span.start);
          expect(span.text).toBe(parsed.text.slice(span.start, span.end));
          end = span.end;
        }
        expect(end).toBeLessThanOrEqual(parsed.text.length);
      }),
      { numRuns: 400 },
    );
  });

  test("hides no number: each is in a span or unresolved", () => {
    fc.assert(
      fc.property(soup, (text) => {
        const parsed = parseRequest(text, world);
        const left = parsed.requirements.unresolved.join(" ");
        let cursor = 0;
        let unread = "";
        for (const span of parsed.spans) {
          unread += `${parsed.text.slice(cursor, span.start)} `;
          cursor = span.end;
        }
        unread += parsed.text.slice(cursor);
        for (const number of unread.replace(/\b[1-4]d\b/gi, "").match(/\d+/g) ?? [])
          expect(left).toContain(number);
      }),
      { numRuns: 400 },
    );
  });

  test("is read the same way twice", () => {
    fc.assert(
      fc.property(soup, (text) => {
        expect(parseRequest(text, world)).toEqual(parseRequest(text, world));
      }),
      {
        numRuns: 100,
      },
    );
  });
});

const statements: readonly (readonly [text: string, path: RegExp])[] = [
  ["4 nodes", /^compute/],
  ["64 ranks", /^compute/],
  ["8 gpus", /^gpu/],
  ["2 hours", /^time/],
  ["128 GB of RAM", /^memory/],
  ["infiniband", /^network/],
  ["lustre", /^storage/],
  ["gromacs", /^software/],
  ["apptainer", /^container/],
  ["aarch64", /^platform/],
  ["slurm", /^scheduler/],
  ["$20", /^budget/],
];

describe("statements in any order", () => {
  const some = fc.shuffledSubarray([...statements], { minLength: 1 });
  test("are each read, and nothing else is", () => {
    fc.assert(
      fc.property(some, fc.constantFrom(", ", "; ", "\n- ", " | "), (chosen, joint) => {
        const { requirements, spans } = parseRequest(chosen.map(([text]) => text).join(joint), world);
        for (const [text, path] of chosen)
          expect(spans.some((span) => path.test(span.path) && span.text.includes(text))).toBe(true);
        expect(requirements.unresolved).toEqual([]);
      }),
    );
  });

  test("are never dropped behind a denial: reported, or read as one", () => {
    const denials = fc.constantFrom("no", "not", "without", "never", "don't use");
    fc.assert(
      fc.property(fc.constantFrom(...statements), denials, ([text], denial) => {
        const plain = parseRequest(text, world).requirements;
        const { requirements } = parseRequest(`${denial} ${text}, 2 licences`, world);
        expect({ ...requirements, unresolved: [] }).not.toEqual(plain);
        const left = requirements.unresolved.join(" ");
        expect(left.includes(text) || requirements.gpu?.need === "none").toBe(true);
      }),
    );
  });

  test("stay whole beside a name nobody knows, which is reported", () => {
    const name = fc.stringMatching(/^zq[a-z]{3,8}$/);
    fc.assert(
      fc.property(some, name, (chosen, unknown) => {
        const text = [...chosen.map(([words]) => words), unknown].join(", ");
        expect(parseRequest(text, world).requirements.unresolved).toContain(unknown);
      }),
    );
  });
});

describe("counts written in words, digits and with commas", () => {
  test("are the same number", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 999_999 }),
        fc.constantFrom(...applications),
        (nodes, { name }) => {
          const written = parseRequest(
            `run ${name} on ${nodes.toLocaleString("en-US")} nodes`,
            world,
          ).requirements;
          expect(written.compute?.nodes).toEqual({ min: nodes, max: nodes });
        },
      ),
    );
  });
});
