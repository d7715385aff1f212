import { detectDialect, dialects, readBatchJob, transform } from "@parley/jobspec";
import type { Loss } from "@parley/jobspec";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { comparable, reportedFields } from "./comparable.ts";
import { corpus } from "./corpus.ts";

const lineOf = ({ line, directive, value, why, note }: Loss): string =>
  `${line ?? "-"}\t${directive}\t${JSON.stringify(value)}\t${why}\t${note}`;

test("[JSP-01] the corpus holds at least 60 jobs, some of every dialect", () => {
  expect(corpus.length).toBeGreaterThanOrEqual(60);
  expect(new Set(corpus.map(({ dialect }) => dialect))).toEqual(new Set(dialects));
});

describe.each(corpus.map((file, index) => ({ ...file, index })))(
  "[JSP-01] $name",
  ({ name, dialect, text, index }) => {
    test("is known for what it is", () => {
      expect(detectDialect(text)).toBe(dialect);
    });

    test("reads as it did, and turns into another dialect as it did", async () => {
      const { job, from, report } = readBatchJob(text);
      const others = dialects.filter((other) => other !== dialect);
      const to = others[index % others.length] ?? "slurm";
      const turned = transform(text, { to, translateVariables: true });
      const golden = [
        `# ${name}: ${from}`,
        stringify(job, { lineWidth: 0 }),
        "# report of reading",
        ...report.map(lineOf),
        "",
        `# as ${to}`,
        turned.text,
        `# report of turning it into ${to}`,
        ...turned.report.filter(({ where }) => where !== "reading").map(lineOf),
        "",
      ].join("\n");
      await expect(golden).toMatchFileSnapshot(`golden/${name}.txt`);
    });

    test.each(dialects)("means the same as %s, up to what is reported", (to) => {
      const { job } = readBatchJob(text);
      const there = transform(text, { to });
      const back = readBatchJob(there.text, { from: to });
      const reported = reportedFields([...there.report, ...back.report]);
      expect(comparable(back.job, reported)).toEqual(comparable(job, reported));
    });

    test("reports where in the source each loss is", () => {
      const lines = text.split("\n").length;
      for (const loss of dialects.flatMap((to) => transform(text, { to }).report)) {
        expect(loss.note).toMatch(/\S\.$/);
        if (loss.line !== undefined) expect(loss.line).toBeLessThanOrEqual(lines);
      }
    });
  },
);
