import { sleep_timer, system_facts, validate_lmp_problem_size } from "@parley/hpc";
import { type Recording, replayRun } from "@parley/testing";
import { cpus, totalmem } from "node:os";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

const nvidia = [
  "nvidia-smi",
  "--query-gpu=name,memory.total,memory.used,utilization.gpu,driver_version",
  "--format=csv,noheader,nounits",
];
const machine = (gpu: Omit<Recording, "argv">) =>
  replayRun([
    { argv: nvidia, ...gpu },
    {
      argv: ["df", "-P", "-k", "-T"],
      stdout:
        "Filesystem     Type     1024-blocks     Used Available Capacity Mounted on\nproc           proc               0        0         0        - /proc\nfs1:/home dirs nfs4      1000000   400000    600000      40% /home with space\n",
    },
  ]);

describe("[HPC-07] system_facts", () => {
  test("reads this very machine, and only what is asked", async () => {
    const facts = await system_facts({ parts: ["host", "cpu", "memory", "load", "limits", "disks"] });
    expect(facts.unknown).toEqual({});
    expect(facts.cpu?.threads).toBe(cpus().length);
    expect(facts.memory?.total_bytes).toBe(totalmem());
    expect(facts.disks?.length).toBeGreaterThan(0);
    expect(facts.limits?.process).toHaveProperty("open_files");
    expect(facts.gpus).toBeUndefined();
  });

  test("GPUs, mounts with spaces; no driver is no GPU, a broken one is unknown", async () => {
    const gpu = {
      stdout: "NVIDIA H100 80GB HBM3, 81559, 1024, 37, 550.54.15\nTesla T4, 15360, [N/A], [N/A], 550.54.15\n",
    };
    const facts = await system_facts({ parts: ["gpus", "disks"] }, { run: machine(gpu) });
    expect(facts).toMatchObject({
      gpus: [
        { model: "NVIDIA H100 80GB HBM3", memory_bytes: 81_559 * 2 ** 20, utilization_percent: 37 },
        { model: "Tesla T4", driver: "550.54.15" },
      ],
      disks: [{ mounted_on: "/home with space", type: "nfs4", available_bytes: 600_000 * 1024 }],
    });
    expect(facts.gpus?.[1]?.utilization_percent).toBeUndefined();
    const without = await system_facts({ parts: ["gpus"] }, { run: machine({ failure: "not-found" }) });
    expect(without).toEqual({ gpus: [], unknown: {} });
    const broken = machine({
      stdout: "NVIDIA-SMI has failed because it couldn't communicate with the driver\n",
      exitCode: 9,
    });
    expect(await system_facts({ parts: ["gpus"] }, { run: broken })).toMatchObject({
      unknown: { gpus: expect.stringContaining("couldn't communicate") },
    });
  });
});

describe("[HPC-08] application helpers", () => {
  const expected = { expected_x: 32, expected_y: 16, expected_z: 8 };

  test.each([
    ["lmp -v x 32 -v y 16 -v z 8 -in in.reaxff.hns -nocite", true],
    ["mpirun -n 4 lmp -var x 32 --variable y 16 -v z '8'", true],
    ["lmp -v x 1 -v x 32 -v y 16 -v z 8", true],
    ["lmp -x 32 -y 16 -z 8", false],
    ["lmp -v x 32 -v y 16", false],
    ["lmp -v x 32 -v y 16 -v z 9", false],
  ])("validate_lmp_problem_size: %s is %s", async (command, valid) => {
    expect((await validate_lmp_problem_size({ command, ...expected })).is_valid).toBe(valid);
  });

  test("says what is missing and what differs", async () => {
    expect(await validate_lmp_problem_size({ command: "lmp -v x 32 -v y 17", ...expected })).toMatchObject({
      missing_dimensions: ["z"],
      mismatched_dimensions: [{ dimension: "y", expected: 16, found: "17" }],
      parsed_dimensions: { x: 32, y: 17 },
      message: "z is not set: add -v z 8; y is 17, not 16.",
    });
    await expect(validate_lmp_problem_size({ command: "lmp 'x", ...expected })).rejects.toMatchObject({
      code: "E_ARGUMENT_INVALID",
    });
  });

  test("reads any order and any quoting of the same variables", async () => {
    const quote = fc.constantFrom(
      (text: string) => text,
      (text: string) => `'${text}'`,
      (text: string) => `"${text}"`,
    );
    const flag = fc.constantFrom("-v", "-var", "--variable");
    const order = fc.shuffledSubarray(["x 32", "y 16", "z 8"], { minLength: 3 });
    await fc.assert(
      fc.asyncProperty(order, flag, quote, async (parts, flag, quote) => {
        const words = parts.flatMap((part) => [flag, ...part.split(" ")]).map(quote);
        const { is_valid } = await validate_lmp_problem_size({
          command: `lmp ${words.join("  ")}`,
          ...expected,
        });
        expect(is_valid).toBe(true);
      }),
    );
  });

  test("sleep_timer says how far it is, and ends when it is told to", async () => {
    let now = 0;
    const said: number[] = [];
    const options = {
      now: () => now,
      sleep: async (ms: number) => void (now += ms),
      progress: (done: number) => void said.push(done),
    };
    expect(await sleep_timer({ seconds: 12 }, options)).toEqual({ waited_seconds: 12 });
    expect(said).toEqual([0, 5, 10]);
    await expect(sleep_timer({ seconds: 60 }, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "E_INTERRUPTED",
    });
  });
});
