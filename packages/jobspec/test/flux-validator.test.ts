import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { transform, validateJobspec, writeBatchJob } from "@parley/jobspec";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { corpus } from "./corpus.ts";
import { askFluxValidator, fluxValidatorAvailable } from "./flux-validator/flux-validator.ts";
import { anyJob } from "./job-generator.ts";
import { mutated } from "./flux-validator/mutate.ts";

const recording = new URL("flux-validator/verdicts.ndjson", import.meta.url);

const written = corpus.map(({ name, text }) => ({
  name,
  jobspec: JSON.parse(transform(text, { to: "flux-jobspec" }).text),
}));
/** Sound jobspecs with one thing wrong, or at least odd, the same ones in every run. */
const odd = fc
  .sample(mutated(written.map(({ jobspec }) => jobspec)), { numRuns: 400, seed: 88 })
  .map((jobspec, index) => ({ name: `odd ${index}`, jobspec }));
const asked = [...written, ...odd];

const digestOf = (jobspec: unknown): string =>
  createHash("sha256").update(JSON.stringify(jobspec)).digest("hex").slice(0, 16);

interface Verdict {
  readonly name: string;
  readonly digest: string;
  readonly reason: string | null;
}

async function recorded(): Promise<Verdict[]> {
  const lines = (await readFile(recording, "utf8")).trim().split("\n");
  return lines.map((line) => JSON.parse(line));
}

describe("[JSP-14] the validator of Flux 0.88", () => {
  test("was asked about what is written today", async () => {
    const known = new Map((await recorded()).map(({ name, digest }) => [name, digest]));
    const changed = asked.filter(({ name, jobspec }) => known.get(name) !== digestOf(jobspec));
    expect(
      changed.map(({ name }) => name),
      "record again: `pnpm vitest run -u` with flux-python",
    ).toEqual([]);
  });

  test("took every jobspec of the corpus", async () => {
    const names = new Set(written.map(({ name }) => name));
    const verdicts = (await recorded()).filter(({ name }) => names.has(name));
    expect(verdicts).toHaveLength(written.length);
    expect(verdicts.filter(({ reason }) => reason !== null)).toEqual([]);
  });

  test("refused nothing that is a valid jobspec of version 1 here", async () => {
    const reasons = new Map((await recorded()).map(({ name, reason }) => [name, reason]));
    const looser = odd.filter(({ name, jobspec }) => {
      const { valid, form } = validateJobspec(jobspec);
      return valid && form === "v1" && (reasons.get(name) ?? null) !== null;
    });
    expect(looser.map(({ name, jobspec }) => ({ reason: reasons.get(name), jobspec }))).toEqual([]);
    expect(new Set([...reasons.values()].flatMap((reason) => reason ?? [])).size).toBeGreaterThan(20);
  });
});

describe.skipIf(!fluxValidatorAvailable)("[JSP-14] the validator of flux-python 0.88.0", () => {
  test("says what was recorded", async () => {
    const reasons = await askFluxValidator(asked.map(({ jobspec }) => jobspec));
    const verdicts = asked.map(({ name, jobspec }, index): Verdict => ({
      name,
      digest: digestOf(jobspec),
      reason: reasons[index] ?? null,
    }));
    const text = verdicts.map((verdict) => `${JSON.stringify(verdict)}\n`).join("");
    await expect(text).toMatchFileSnapshot("flux-validator/verdicts.ndjson");
  });

  test("takes every generated job", async () => {
    const jobspecs = fc
      .sample(anyJob, { numRuns: 500, seed: 14 })
      .map((job) => JSON.parse(writeBatchJob(job, { to: "flux-jobspec" }).text));
    const reasons = await askFluxValidator(jobspecs);
    expect(
      reasons.flatMap((reason, index) => (reason === null ? [] : { reason, jobspec: jobspecs[index] })),
    ).toEqual([]);
  });
});
