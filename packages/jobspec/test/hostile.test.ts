import { ParleyError } from "@parley/core";
import { BatchJob, detectDialect, dialects, readBatchJob, transform, writeBatchJob } from "@parley/jobspec";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

function errorOf(act: () => unknown): ParleyError | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (ParleyError.isInstance(error)) return error;
    throw error;
  }
}

const head = "#!/bin/sh\n#SBATCH -n1\n";

describe("[JSP-10] hostile input", () => {
  test.each([
    ["a million lines", `${head}${"\n".repeat(60_000)}`, "E_JOBSPEC_TOO_LARGE", undefined],
    ["two million characters", head + "x".repeat(2_000_000), "E_JOBSPEC_TOO_LARGE", undefined],
    ["an escape sequence", `${head}echo \u001b[2J\n`, "E_JOBSPEC_INVALID", 3],
    ["a NUL", "#!/bin/sh\n#SBATCH -J a\0b\n", "E_JOBSPEC_INVALID", 2],
    ["a lone carriage return", "#!/bin/sh\n#SBATCH -J a\r#SBATCH -p x\n", "E_JOBSPEC_INVALID", 2],
    ["text that runs backwards", `${head}# \u202e evil\n`, "E_JOBSPEC_INVALID", 3],
    ["a quote that is not closed", "#!/bin/sh\n#SBATCH -J 'a\n", "E_JOBSPEC_INVALID", 2],
    ["no directive at all", "#!/bin/sh\necho hello\n", "E_JOBSPEC_INVALID", undefined],
    ["broken JSON", '{"kind": "Job", "apiVersion": "batch/v1", ]', "E_JOBSPEC_INVALID", 1],
    ["a jobspec without tasks", '{"resources": [], "tasks": []}', "E_JOBSPEC_INVALID", undefined],
    [
      "triple quotes that are not closed",
      '#!/bin/sh\n#flux: -n1\n#flux: -S a="""\n#flux: b\n',
      "E_JOBSPEC_INVALID",
      3,
    ],
  ])("refuses %s", (_what, text, code, line) => {
    const error = errorOf(() => transform(text, { to: "pbs" }));
    expect([error?.code, error?.details["line"]]).toEqual([code, line]);
  });

  test("a YAML bomb is refused", () => {
    const levels = Array.from(
      { length: 12 },
      (_, at) => `a${at + 1}: &a${at + 1} [${Array.from({ length: 9 }, () => `*a${at}`).join(", ")}]`,
    );
    const bomb = `a0: &a0 [x]\n${levels.join("\n")}\nresources: *a12\ntasks: []\n`;
    expect(errorOf(() => readBatchJob(bomb))?.code).toBe("E_JOBSPEC_INVALID");
  });

  test("no text makes a reader fail in any other way", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "#SBATCH ",
        "#PBS -l ",
        "#BSUB -R ",
        "#OAR -l ",
        "#COBALT ",
        "#MSUB -l ",
        "#flux: ",
        "--",
        "=",
        "'",
        '"',
        "\\",
        "\n",
        "select=",
        "[",
        "]",
        "%",
        "{{",
        "/nodes=",
        "kind: Job",
        ":",
        "-",
      ),
      fc.string({ maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.constantFrom(...dialects), (pieces, from) => {
        errorOf(() => readBatchJob(pieces.join(""), { from }));
        errorOf(() => detectDialect(pieces.join("")));
      }),
      { numRuns: 2000 },
    );
  });

  test("a slow expression is not to be had", () => {
    const long = `#!/bin/sh\n#SBATCH -J ${"a".repeat(200_000)}\n#SBATCH -w ${"[".repeat(100_000)}\n#SBATCH -C ${"a&".repeat(50_000)}\n`;
    const start = performance.now();
    transform(long, { to: "lsf" });
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

const evil = ["a\n#SBATCH -p x", "a\r\n#PBS -q x", "a\u2028#BSUB -q x", "\u0000", "a\u001b[0m"];
const texts = [
  "name",
  "account",
  "queue",
  "qos",
  "reservation",
  "output",
  "workingDirectory",
  "interpreter",
] as const;

describe("[JSP-11] no field becomes another directive", () => {
  test.each(texts)("%s with a line end is refused", (field) => {
    for (const value of evil) {
      expect(BatchJob.safeParse({ [field]: value }).success).toBe(false);
      expect(errorOf(() => writeBatchJob({ [field]: value }, { to: "slurm" }))?.code).toBe(
        "E_ARGUMENT_INVALID",
      );
    }
  });

  test.each(dialects)("%s: quotes, commands, dashes stay what they are or are reported", (to) => {
    const odd = [
      "'''",
      '"""a"""',
      "$(touch /tmp/x)",
      "`id`",
      "a; rm -rf /",
      '"',
      "'",
      "a'b\"c",
      "--uid=0",
      "-q",
      "# x",
      "a b",
      "\\",
      "x #SBATCH -p y",
    ];
    for (const name of odd) {
      const job: BatchJob = {
        name,
        queue: name,
        account: name,
        workingDirectory: `/${name}`,
        tasks: 1,
        script: "true\n",
      };
      const { text, report } = writeBatchJob(job, { to });
      const { job: back } = readBatchJob(text, { from: to });
      for (const field of ["name", "queue", "account", "workingDirectory"] as const) {
        if (!report.some((loss) => loss.field === field))
          expect([to, field, back[field]]).toEqual([to, field, job[field]]);
      }
      expect(back.tasks ?? 1).toBe(1);
      expect(back.script).toBe("true\n");
      expect(Object.keys(back).filter((field) => !(field in job) && field !== "interpreter")).toEqual(
        to === "kubernetes"
          ? expect.arrayContaining(["containerImage"])
          : expect.not.arrayContaining(["qos", "array", "hold"]),
      );
    }
  });

  test.each(dialects)("%s: a comment of the script is no directive of the target", (to) => {
    const script =
      "#SBATCH -p evil\n#PBS -q evil\n#BSUB -q evil\n#OAR -q evil\n#COBALT -q evil\n#MSUB -q evil\n#flux: -q evil\necho\n";
    const { text } = writeBatchJob({ tasks: 1, script }, { to });
    expect(readBatchJob(text, { from: to }).job.queue).toBeUndefined();
  });

  test("a command of the shell stays one line", () => {
    const { text } = writeBatchJob({ command: ["echo", "a\n#PBS -q x", "it's"] }, { to: "pbs" });
    expect(text).toBe("#!/bin/bash\n\necho $'a\\x0a#PBS -q x' 'it'\\''s'\n");
  });
});

describe("[JSP-02] scripts as people write them", () => {
  test("CRLF, a byte order mark and continued lines", () => {
    const text = "\uFEFF#!/bin/bash\r\n#PBS -N dos \\\r\n#PBS -q win\r\necho hi\r\n";
    expect(readBatchJob(text).job).toMatchObject({ name: "dos", queue: "win", script: "echo hi\n" });
  });

  test.each([
    ["long with =", "--nodes=3 --ntasks=6"],
    ["long with a blank", "--nodes 3 --ntasks 6"],
    ["short", "-N3 -n6"],
    ["short with a blank", "-N 3 -n 6"],
    ["short with =", "-N=3 -n=6"],
    ["flags in one", "-HN3 -Qn6"],
    ["quoted", "'-N' \"3\" --ntasks='6' # -N9"],
  ])("%s", (_how, options) => {
    const { job } = readBatchJob(`#!/bin/sh\n#SBATCH ${options}\ntrue\n`, { from: "slurm" });
    expect(job).toMatchObject({ nodes: 3, tasks: 6 });
  });

  test("the beginning of a long name is enough where it can mean one option only", () => {
    const { job, report } = readBatchJob("#!/bin/sh\n#SBATCH --job-n=x --node=2\n");
    expect(job).toMatchObject({ name: "x" });
    expect(report).toMatchObject([{ directive: "--node", why: "unknown" }]);
  });

  test("a later directive overrides, and the report says so", () => {
    const { job, report } = readBatchJob("#!/bin/sh\n#SBATCH -N1\n#SBATCH -N2\n");
    expect(job.nodes).toBe(2);
    expect(report).toMatchObject([{ directive: "-N", line: 2, value: "1", why: "overridden" }]);
  });

  test.each([
    ["90", 5400],
    ["1:30", 90],
    ["1:00:00", 3600],
    ["2-12", 216_000],
    ["2-12:30", 217_800],
    ["1-00:00:01", 86_401],
  ])("Slurm's --time=%s", (time, seconds) => {
    expect(readBatchJob(`#!/bin/sh\n#SBATCH -t ${time}\n`).job.walltimeSeconds).toBe(seconds);
  });

  test.each([
    ["flux", "#flux: -n1 -t 1.5h", 5400],
    ["flux", "#flux: -n1 -t 10", 600],
    ["lsf", "#BSUB -W 1:30", 5400],
    ["oar", "#OAR -l core=1,walltime=2", 7200],
    ["cobalt", "#COBALT -t 30", 1800],
    ["moab", "#MSUB -l walltime=1:00:00:00", 86_400],
    ["pbs", "#PBS -l select=1,walltime=90", 90],
  ] as const)("%s: %s", (from, directive, seconds) => {
    expect(readBatchJob(`#!/bin/sh\n${directive}\n`, { from }).job.walltimeSeconds).toBe(seconds);
  });
});

describe("[JSP-12] what a script counts on", () => {
  const script =
    "#!/bin/bash\n#SBATCH -n4\ncd $SLURM_SUBMIT_DIR\nmodule load gcc/13 openmpi\nsrun ./a ${SLURM_JOB_ID}\necho $SLURM_LOCALID\n";

  test("variables, commands and modules are reported, with their lines", () => {
    const { report } = transform(script, { to: "kubernetes" });
    expect(
      report
        .filter(({ where }) => where === "body")
        .map(({ directive, line, why }) => [directive, line, why]),
    ).toEqual([
      ["SLURM_SUBMIT_DIR", 3, "scheduler variable in body"],
      ["SLURM_JOB_ID", 5, "scheduler variable in body"],
      ["SLURM_LOCALID", 6, "scheduler variable in body"],
      ["srun", 5, "scheduler command in body"],
      ["module", undefined, "modules in body"],
    ]);
  });

  test("on request variables with an exact counterpart are renamed", () => {
    const { text, report } = transform(script, { to: "pbs", translateVariables: true });
    expect(text).toContain("cd $PBS_O_WORKDIR\n");
    expect(text).toContain("./a ${PBS_JOBID}\n");
    expect(text).toContain("echo $SLURM_LOCALID\n");
    expect(report.find(({ directive }) => directive === "SLURM_JOB_ID")?.note).toBe("Renamed to PBS_JOBID.");
    expect(transform(script, { to: "pbs" }).text).toContain("cd $SLURM_SUBMIT_DIR");
  });
});
