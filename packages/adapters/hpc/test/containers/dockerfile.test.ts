import { docker_validate_dockerfile, validateDockerfile } from "@parley/hpc";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

const rules = (text: string): string[] =>
  validateDockerfile(text).map(({ line, rule }) => `${String(line)} ${rule}`);
const of = (text: string, rule: string): string[] =>
  rules(text).filter((found) => found.endsWith(` ${rule}`));
const digest = `@sha256:${"a".repeat(64)}`;

/** A file nobody has anything against, but for advice. */
const good = [
  `FROM debian:12.5${digest} AS build`,
  "RUN apt-get update && apt-get install -y --no-install-recommends g++ libopenmpi-dev openmpi-bin && rm -rf /var/lib/apt/lists/*",
  "RUN mpicxx -O2 -o /app /src/main.cpp",
  `FROM debian:12.5${digest}`,
  "RUN apt-get update && apt-get install -y --no-install-recommends openmpi-bin && rm -rf /var/lib/apt/lists/*",
  "COPY --from=build /app /usr/local/bin/app",
  "USER 1000",
  'CMD ["app"]',
].join("\n");

test("[HPK-40] a good file has no finding", () => {
  expect(validateDockerfile(good)).toEqual([]);
});

describe("[HPK-41] bases", () => {
  test.each<[what: string, text: string, found: string[]]>([
    ["no tag", "FROM debian", ["1 base-unpinned"]],
    ["latest, through an ARG", "ARG T=latest\nFROM debian:$T", ["2 base-unpinned"]],
    ["a registry's port is no tag", "FROM reg.example:5000/x", ["1 base-unpinned"]],
    ["a stage is no image", "FROM a:1 AS b\nFROM b", []],
    ["scratch", "FROM scratch", []],
  ])("base: %s", (_what, text, found) => {
    expect(of(text, "base-unpinned")).toEqual(found);
  });
});

describe("[HPK-42] faults by line", () => {
  test.each<[rule: string, text: string, line: number]>([
    ["add-remote", "FROM a:1\nADD https://x.example/y.tgz /y", 2],
    ["add-local", "FROM a:1\nADD run.sh /run.sh", 2],
    ["root-user", "FROM a:1\nUSER 1000\nUSER root", 3],
    ["secret-in-env", "FROM a:1\nENV A=1 \\\n    HF_TOKEN=hf_abc", 3],
    ["secret-in-arg", "FROM a:1\nARG PASSWORD", 2],
    ["secret-in-arg", "ARG apiKey=1234\nFROM a:1", 1],
    ["secret-in-text", "FROM a:1\nRUN git clone https://me:hunter2@git.example/x", 2],
    ["secret-file", "FROM a:1\nCOPY .ssh/id_rsa /opt/.ssh/", 2],
    ["apt-yes", "FROM a:1\nRUN apt-get update && apt-get install curl", 2],
    ["apt-update", "FROM a:1\nRUN apt-get install -y curl", 2],
    ["apt-cleanup", "FROM a:1\nRUN apt-get update \\\n && apt-get install -y curl", 2],
    ["apt-recommends", "FROM a:1\nRUN apt update && apt install -y curl", 2],
    ["dnf-cleanup", "FROM a:1\nRUN dnf -y install gcc", 2],
    ["apk-cache", "FROM a:1\nRUN apk add curl", 2],
    ["pip-cache", "FROM a:1\nRUN pip install numpy", 2],
    ["conda-cleanup", "FROM a:1\nRUN mamba install -y numpy", 2],
    ["exec-form", "FROM a:1\nCMD app --serve", 2],
    ["pipe-to-shell", "FROM a:1\nRUN curl -s https://x.example/i.sh | sh", 2],
    ["no-check-certificate", "FROM a:1\nRUN wget --no-check-certificate https://x.example", 2],
    ["sudo", "FROM a:1\nRUN sudo make install", 2],
    ["world-writable", "FROM a:1\nRUN chmod -R 777 /opt", 2],
    ["stage-by-number", "FROM a:1\nFROM b:1\nCOPY --from=0 /x /x", 3],
    ["stage-unknown", "FROM a:1 AS build\nFROM b:1\nCOPY --from=biuld /x /x", 3],
    ["stage-order", "FROM a:1 AS x\nCOPY --from=y /x /x\nFROM b:1 AS y", 2],
    ["stage-unused", "FROM a:1 AS x\nFROM b:1", 1],
    ["cuda-base", "FROM nvidia/cuda:12.4.0-runtime-ubuntu22.04\nRUN cmake -DKokkos_ENABLE_CUDA=ON .", 2],
    ["cuda-base", "FROM ubuntu:22.04\nRUN nvcc x.cu", 2],
    ["rocm-base", "FROM ubuntu:22.04\nRUN hipcc x.cpp", 2],
    ["mpi-missing", "FROM ubuntu:22.04\nRUN mpicc x.c", 2],
    ["mpi-mixed", "FROM ubuntu:22.04\nRUN apt-get install -y libopenmpi-dev mpich && mpicc x.c", 2],
    [
      "mpi-runtime",
      "FROM a:1 AS b\nRUN apt-get install -y libopenmpi-dev && mpicc x.c\nFROM debian:12\nCOPY --from=b /x /x",
      4,
    ],
    [
      "cuda-mismatch",
      "FROM nvidia/cuda:12.4.0-devel-ubuntu22.04 AS b\nRUN nvcc x.cu\nFROM nvidia/cuda:11.8.0-runtime-ubuntu22.04\nCOPY --from=b /x /x",
      4,
    ],
    ["system-mismatch", "FROM ubuntu:24.04 AS b\nFROM ubuntu:22.04\nCOPY --from=b /x /x", 3],
    ["syntax", "FROM a:1\nRUM make", 2],
    ["syntax", "", 1],
  ])("%s in %j", (rule, text, line) => {
    expect(of(text, rule)).toEqual([`${String(line)} ${rule}`]);
  });
});

describe("[HPK-43] what is done right", () => {
  test.each<[rule: string, text: string]>([
    ["add-remote", `FROM a:1\nADD --checksum=sha256:${"0".repeat(64)} https://x.example/y /y`],
    [
      "apt-cleanup",
      "FROM a:1\nRUN --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y curl",
    ],
    ["secret-in-env", "FROM a:1\nENV TOKEN_FILE=/run/secrets/t PASSWORD_MIN_LENGTH=8"],
    ["secret-in-text", "FROM a:1\nRUN --mount=type=secret,id=t TOKEN=$(cat /run/secrets/t) ./fetch"],
    ["cuda-base", "FROM nvidia/cuda:12.4.0-devel-ubuntu22.04\nRUN nvcc x.cu"],
    ["mpi-missing", "FROM a:1\nRUN apt-get install -y mpich\nRUN mpicc x.c"],
    [
      "mpi-missing",
      "FROM a:1 AS b\nRUN apt-get install -y openmpi-bin libopenmpi-dev\nFROM b\nRUN mpicc x.c",
    ],
    ["root-user", "FROM scratch\nCOPY --from=x:1 /a /a"],
    ["stage-unknown", "FROM a:1\nCOPY --from=docker.io/library/busybox:1.36 /bin/x /x"],
  ])("no %s in %j", (rule, text) => {
    expect(of(text, rule)).toEqual([]);
  });
});

describe("as a tool", () => {
  test("[HPK-44] takes text, lines and a fenced block, and counts", async () => {
    const text = "FROM debian:12\nRUM make\nUSER 1";
    const answer = await docker_validate_dockerfile({ dockerfile: text, min_level: "error" });
    expect(answer).toMatchObject({ valid: false, errors: 1, findings: [{ line: 2, rule: "syntax" }] });
    expect(await docker_validate_dockerfile({ dockerfile: text.split("\n"), min_level: "error" })).toEqual(
      answer,
    );
    expect(
      await docker_validate_dockerfile({
        dockerfile: `\`\`\`dockerfile\n${text}\n\`\`\`\n`,
        min_level: "error",
      }),
    ).toEqual(answer);
  });
});

test("[HPK-45] a file on which the parser recurses without end is refused", () => {
  expect(rules("\n COPY A=$B")).toEqual(["1 syntax"]);
});

test("[HPK-45] any text is read, in time that grows with its length", () => {
  const words = fc.constantFrom(
    "FROM",
    "a:1",
    "AS",
    "b",
    "COPY",
    "--from=b",
    "RUN",
    "apt-get install",
    "\\\n",
    "\n",
    "<<EOF",
    "EOF",
    "ENV",
    "A=$B",
    "${",
    "'",
    '"',
    "[",
    "#",
    "USER",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.array(words, { maxLength: 60 }).map((all) => all.join(" ")),
      ),
      (text) => {
        for (const { line, message } of validateDockerfile(text)) {
          expect(line).toBeGreaterThan(0);
          expect(message).toMatch(/\S/);
        }
      },
    ),
    { numRuns: 300 },
  );
  const begun = performance.now();
  validateDockerfile(
    `FROM a:1\n${"RUN apt-get update && apt-get install -y x \\\n && echo a\n".repeat(500)}`,
  );
  validateDockerfile(`FROM ${"a".repeat(20_000)}\nRUN ${"apt-get -y ".repeat(5000)}`);
  expect(performance.now() - begun).toBeLessThan(15_000);
});
