import { maxRequestLength, parseRequest } from "@parley/secretary";
import { examples } from "../packages/secretary/test/cases/examples.ts";
import { quantile, timeRounds } from "./harness.ts";
import type { Bench, Figure } from "./harness.ts";

/** Texts as long as the parser accepts, each made to keep one kind of rule busy. */
const hostile: Readonly<Record<string, string>> = {
  "numbers and units": "4 nodes with 8 A100 GPUs and 2.5 TB at 3 GB/s for 1h30m, ",
  "software and versions": "gromacs 2023.1+ or lammps>=2 with python==3.11, openmpi/4.1 and ",
  "half a command": "run \"mpirun -np 4 sh -c 'echo ",
  "digits without an end": "9",
  brackets: "((([[[{{{",
  "white space": "x \t \u00a0",
};

export const parserBench: Bench = {
  name: "parser",
  title: `The requirement parser: ${examples.length} documented requests, and texts of ${maxRequestLength} characters`,
  async run({ short }) {
    const rounds = short ? 50 : 300;
    const context = { now: Date.parse("2026-11-20T12:00:00Z"), clusters: ["anvil", "delta"] };
    const sample: number[] = [];
    for (const { prompt } of examples) {
      sample.push(...(await timeRounds(() => parseRequest(prompt, context), { rounds, warmUp: rounds / 5 })));
    }
    const total = sample.reduce((sum, ms) => sum + ms, 0);
    const figures: Figure[] = [
      { name: "request p50", value: quantile(sample, 0.5), unit: "ms" },
      { name: "request p95", value: quantile(sample, 0.95), unit: "ms", target: { atMost: 5 } },
      { name: "requests a second", value: (sample.length / total) * 1000, unit: "/s" },
    ];
    for (const [name, piece] of Object.entries(hostile)) {
      const text = piece.repeat(Math.ceil(maxRequestLength / piece.length)).slice(0, maxRequestLength);
      const times = await timeRounds(() => parseRequest(text, context), { rounds: short ? 3 : 9, warmUp: 1 });
      figures.push({ name, value: quantile(times, 0.5), unit: "ms", target: { atMost: 150 } });
    }
    return figures;
  },
};
