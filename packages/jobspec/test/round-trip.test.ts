import { dialects, readBatchJob, transform, writeBatchJob } from "@parley/jobspec";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { comparable, reportedFields } from "./comparable.ts";
import { anyJob } from "./job-generator.ts";

describe.each(dialects)("[JSP-04] %s", (dialect) => {
  test("writes and reads every job back, up to what it reports", () => {
    fc.assert(
      fc.property(anyJob, (job) => {
        const written = writeBatchJob(job, { to: dialect });
        const read = readBatchJob(written.text, { from: dialect });
        const reported = reportedFields([...written.report, ...read.report]);
        expect(comparable(read.job, reported)).toEqual(comparable(job, reported));
      }),
      { numRuns: 80 },
    );
  });

  test.each(dialects)("and by way of it into %s", (other) => {
    fc.assert(
      fc.property(anyJob, (job) => {
        const first = writeBatchJob(job, { to: dialect });
        const second = transform(first.text, { from: dialect, to: other });
        const read = readBatchJob(second.text, { from: other });
        const reported = reportedFields([...first.report, ...second.report, ...read.report]);
        expect(comparable(read.job, reported)).toEqual(comparable(job, reported));
      }),
      { numRuns: 8 },
    );
  });
});
