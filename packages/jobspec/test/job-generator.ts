import * as fc from "fast-check";
import type { BatchJob } from "@parley/jobspec";

const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,11}$/);
const hostile = fc.constantFrom(
  "a b",
  "it's",
  'say "no"',
  "$(touch x)",
  "`id`",
  "-rf",
  "--uid=0",
  "a;b",
  "#x",
  "a#b",
  "back\\slash",
  "%j",
  "a,b",
  "ünï",
  "x[1-9]",
  "{{id}}",
  "'",
  "a'''b\"\"\"c",
);
const text = fc.oneof({ weight: 4, arbitrary: word }, { weight: 1, arbitrary: hostile });
const host = fc.stringMatching(/^n[0-9]{1,3}$/);
const small = fc.integer({ min: 1, max: 16 });
const mebibyte = 1024 ** 2;
const bytes = fc.oneof(
  small.map((count) => count * 1024 * mebibyte),
  fc.integer({ min: 1, max: 9_000_000 }).map((count) => count * mebibyte),
  fc.integer({ min: 1, max: 2 ** 40 }),
);

const shape = fc.oneof(
  fc.constant({}),
  small.map((nodes) => ({ nodes })),
  small.map((tasks) => ({ tasks })),
  fc.tuple(small, small).map(([nodes, tasksPerNode]) => ({ nodes, tasksPerNode })),
  fc.tuple(small, small).map(([nodes, more]) => ({ nodes, tasks: nodes + more })),
  fc
    .tuple(small, small)
    .map(([nodes, tasksPerNode]) => ({ nodes, tasksPerNode, tasks: nodes * tasksPerNode })),
  fc.tuple(small, small).map(([nodes, tasks]) => ({ nodes, tasks })),
);
const cores = fc.oneof(
  fc.constant({}),
  small.map((cpusPerTask) => ({ cpusPerTask })),
);
const gpus = fc.oneof(
  fc.constant({}),
  fc
    .tuple(fc.constantFrom("gpus", "gpusPerNode", "gpusPerTask"), small, fc.option(word, { nil: undefined }))
    .map(([field, count, gpuType]) => ({ [field]: count, ...(gpuType === undefined ? {} : { gpuType }) })),
);
const memoryField = fc.constantFrom(
  "memoryBytes",
  "memoryBytesPerNode",
  "memoryBytesPerTask",
  "memoryBytesPerCpu",
  "memoryBytesPerGpu",
);
const memory = fc.oneof(
  fc.constant({}),
  fc.tuple(memoryField, bytes).map(([field, amount]) => ({ [field]: amount })),
);

const dependency = fc.tuple(
  fc.constantFrom("after", "afterany", "afterok", "afternotok"),
  fc.array(word, { minLength: 1, maxLength: 3 }),
);
const dependencies = fc
  .uniqueArray(dependency, { minLength: 1, maxLength: 3, selector: ([condition]) => condition })
  .map((all) => all.map(([condition, jobs]) => ({ condition, jobs })));
const array = fc
  .tuple(
    fc.constantFrom("0-9", "1-10", "1-10:2", "1,5,9", "0-3,8", "7", "0-1", "5-5", "2-20:3,40"),
    fc.option(small, { nil: undefined }),
  )
  .map(([indices, maxConcurrent]) => ({
    indices,
    ...(maxConcurrent === undefined ? {} : { maxConcurrent }),
  }));
const begin = fc.oneof(
  fc.constantFrom("2026-12-01T08:30:00", "2027-01-31T23:59:59").map((at) => ({ at })),
  fc.integer({ min: 1, max: 100_000 }).map((afterSeconds) => ({ afterSeconds })),
);
const priority = fc.record({
  value: fc.integer({ min: 1, max: 31 }),
  scale: fc.constantFrom("slurm", "slurm-nice", "pbs", "lsf", "flux"),
});
const signal = fc.record(
  {
    name: fc.constantFrom("USR1", "USR2", "TERM", "INT"),
    secondsBefore: fc.constantFrom(30, 60, 120, 3600),
    batchShell: fc.constant(true),
  },
  { requiredKeys: ["name"] },
);
const mail = fc.record(
  {
    user: fc.constant("me@example.org"),
    events: fc.subarray(["begin", "end", "fail", "requeue", "timeLimit"]),
  },
  { requiredKeys: ["events"] },
);
const path = fc
  .array(
    fc.oneof(
      word,
      fc.constantFrom(
        "/",
        "out/",
        "%{jobId}",
        "%{jobName}",
        "%{arrayIndex}",
        "%{arrayJobId}",
        "%{user}",
        "%%",
        " ",
      ),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) => `f${parts.join("")}`.trimEnd());
const environment = fc
  .record(
    {
      inherit: fc.constantFrom("all", "none"),
      names: fc.uniqueArray(
        word.map((name) => name.replaceAll("-", "_")),
        { minLength: 1, maxLength: 2 },
      ),
      variables: fc.dictionary(
        fc.constantFrom("A", "OMP_NUM_THREADS", "_X"),
        fc.oneof(text, fc.constant("")),
        { minKeys: 1 },
      ),
    },
    { requiredKeys: [] },
  )
  .filter((each) => Object.keys(each).length > 0);
const constraint = fc.oneof(
  word,
  fc.tuple(word, word).map(([name, value]) => `${name}=${value}`),
);

const bodyLine = fc.oneof(
  fc.constantFrom(
    "echo hello",
    "# a comment",
    "",
    "cat <<'EOF'",
    "#SBATCH --partition=evil",
    "#PBS -q evil",
    "#BSUB -q evil",
    "#flux: --queue=evil",
    "#OAR -q evil",
    "#COBALT -q evil",
    "#MSUB -q evil",
    "EOF",
    "echo $$ $(date) ${X:-y}",
    "  indented",
  ),
  fc.string({ maxLength: 30, unit: "grapheme-ascii" }),
);
const script = fc.array(bodyLine, { minLength: 1, maxLength: 8 }).map((lines) => {
  const body = lines
    .join("\n")
    .replace(/^(?:[ \t]*\n)+/, "")
    .trimEnd();
  return body === "" ? "true\n" : `${body}\n`;
});

const rest = fc.record(
  {
    name: text,
    account: text,
    queue: text,
    qos: text,
    reservation: text,
    walltimeSeconds: fc.oneof(
      fc.constantFrom(1, 59, 60, 3600, 86_400, 90_061),
      fc.integer({ min: 1, max: 10_000_000 }),
    ),
    exclusive: fc.boolean(),
    constraints: fc.uniqueArray(constraint, { minLength: 1, maxLength: 3 }),
    nodelist: fc.uniqueArray(fc.oneof(host, fc.constant("n[01-04]")), { minLength: 1, maxLength: 3 }),
    excludeNodes: fc.uniqueArray(host, { minLength: 1, maxLength: 3 }),
    licenses: fc.uniqueArray(fc.record({ name: word, count: small }), {
      minLength: 1,
      maxLength: 2,
      selector: ({ name }) => name,
    }),
    dependencies,
    array,
    begin,
    hold: fc.boolean(),
    requeue: fc.boolean(),
    priority,
    signal,
    mail,
    output: path,
    error: path,
    input: path,
    workingDirectory: fc.oneof(
      text.map((name) => `/work/${name}`),
      fc.constant("/scratch"),
    ),
    environment,
    containerImage: fc.constantFrom("docker.io/library/alpine:3.20", "ghcr.io/acme/app@sha256:abc"),
    interpreter: fc.constantFrom(
      "/bin/bash",
      "/bin/sh",
      "/usr/bin/env python3",
      "/bin/bash -l",
      "/usr/bin/tclsh",
    ),
  },
  { requiredKeys: [] },
);

const work = fc.oneof(
  { weight: 4, arbitrary: script.map((body) => ({ script: body })) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.oneof(text, fc.constantFrom("a\nb", "", "$$", "$(X)")), { minLength: 1, maxLength: 4 })
      .map((command) => ({ command })),
  },
);

/** Jobs of every kind, most fields absent; sound, but with names and paths that want to be more. */
export const anyJob: fc.Arbitrary<BatchJob> = fc
  .tuple(shape, cores, gpus, memory, rest, work)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the record types of fast-check are wider
  .map((parts) => Object.assign({}, ...parts) as BatchJob);
