import { ParleyError, parseDurationSeconds } from "@parley/core";
import type { JobRequirements, Range } from "@parley/core";
import type { OptionValues } from "@parley/cli";
import { tokenizeCommand } from "@parley/secretary";
import type { RequirementFields } from "../client/options.ts";
import type { requestOptions } from "../options.ts";

type Values = OptionValues<typeof requestOptions>;

/**
 * Reads the structured flags into fields of job-requirements/1; `undefined` when none was given.
 * @throws {@link ParleyError} `E_CONFIG_INVALID` naming the flag
 */
export function readFields(values: Values): RequirementFields | undefined {
  const sections = {
    compute: section({
      nodes: range("--nodes", values.nodes),
      cores: range("--cores", values.cores),
      tasks: range("--tasks", values.tasks),
      tasksPerNode: range("--tasks-per-node", values.tasksPerNode),
      coresPerTask: count("--cores-per-task", values.coresPerTask),
      exclusive: values.exclusive || undefined,
    }),
    gpu: gpu(values),
    memory: section({ perNodeGb: gibibytes(values.memory) }),
    time: section({ walltimeSec: walltime(values.walltime), deadlineAt: deadline(values.deadline) }),
    budget: budget(values.budget),
    software: values.software.length === 0 ? undefined : values.software.map((item) => software(item)),
    container: section({ image: values.image }),
    scheduler: section({ queue: values.queue, account: values.account }),
    execution: section({
      command: command(values.command),
      workdir: values.cwd,
      environment: Object.keys(values.env).length === 0 ? undefined : { ...values.env },
    }),
  };
  return section(sections);
}

/** The fields that are there; `undefined` when there are none. */
function section<Fields extends Record<string, unknown>>(fields: Fields): Present<Fields> | undefined {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  return present.length === 0 ? undefined : (Object.fromEntries(present) as Present<Fields>);
}

type Present<Fields> = { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> };

function refuse(flag: string, value: string, wanted: string): ParleyError {
  return new ParleyError(
    "E_CONFIG_INVALID",
    `${flag}: ${JSON.stringify(value.slice(0, 80))} is not ${wanted}.`,
  );
}

function range(flag: string, text: string | undefined): Range | undefined {
  if (text === undefined) return undefined;
  const [, low = "", tail = ""] = /^(\d{1,9})(\+|-\d{1,9})?$/.exec(text.trim()) ?? [];
  const min = Number(low);
  const max = tail === "+" ? undefined : tail === "" ? min : Number(tail.slice(1));
  if (low === "" || min < 1 || (max !== undefined && max < min)) {
    throw refuse(flag, text, "a count such as 2, 2-4 or 2+");
  }
  return max === undefined ? { min } : { min, max };
}

function count(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw refuse(flag, text, "a whole number above 0");
  return Number(text);
}

function gpu({ gpus, gpuModel }: Values): JobRequirements["gpu"] {
  if (gpus === undefined && gpuModel === undefined) return undefined;
  if (gpus === "0") return { need: "none" };
  const perNode = range("--gpus", gpus);
  return {
    need: "required",
    ...(perNode === undefined ? {} : { perNode }),
    ...(gpuModel === undefined ? {} : { models: [gpuModel.toLowerCase()] }),
  };
}

const gibibytesPer: Readonly<Record<string, number>> = { m: 1 / 1024, g: 1, t: 1024 };

/** GB is read as GiB, as schedulers do. */
function gibibytes(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, amount = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([mgt])(?:i?b)?$/i.exec(text.trim()) ?? [];
  const size = Number(amount) * (gibibytesPer[unit.toLowerCase()] ?? 0);
  if (!(size > 0)) throw refuse("--memory", text, "a size such as 64GiB, 512MiB or 1.5TiB");
  return size;
}

function walltime(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = parseDurationSeconds(text) ?? 0;
  if (seconds < 1) throw refuse("--walltime", text, "a duration such as 2h, 90m or 01:30:00");
  return seconds;
}

function deadline(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw refuse("--deadline", text, "a time such as 2030-01-31T18:00Z");
  return new Date(time).toISOString();
}

const units = ["USD", "EUR", "GBP", "node-hours", "core-hours", "gpu-hours"] as const;

function budget(text: string | undefined): JobRequirements["budget"] {
  if (text === undefined) return undefined;
  const [, sign = "", amount = "", word = ""] =
    /^([$€£]?)\s*(\d+(?:\.\d+)?)\s*([a-z-]*)$/i.exec(text.trim()) ?? [];
  const named = { $: "USD", "€": "EUR", "£": "GBP" }[sign] ?? word.toLowerCase();
  const unit = units.find((one) => one.toLowerCase() === named.toLowerCase());
  if (unit === undefined || !(Number(amount) > 0) || (sign !== "" && word !== "")) {
    throw refuse("--budget", text, `an amount such as 200USD; units are ${units.join(", ")}`);
  }
  return { amount: Number(amount), unit, per: "job" };
}

/** `name`, `name@1.2` (any 1.2.x), `name@=1.2`, `name@>=1.2`. */
function software(text: string): NonNullable<JobRequirements["software"]>[number] {
  const [, name = "", sign, version] =
    /^([\w][\w.+-]{0,99}?)(?:@\s*(==?|>=|<=|>|<|~)?\s*([\w.+-]{1,60}))?$/.exec(text.trim()) ?? [];
  if (name === "") throw refuse("--software", text, "a name such as lammps or gromacs@2024.1");
  if (version === undefined) return { name };
  const op =
    (["==", ">=", "<=", ">", "<"] as const).find((one) => one === (sign === "=" ? "==" : sign)) ?? "~";
  return { name, op, version };
}

function command(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const read = tokenizeCommand(text);
  if (!read.ok) throw new ParleyError("E_CONFIG_INVALID", `--command: ${read.reason}.`);
  if (read.argv.length === 0) throw refuse("--command", text, "a program and its arguments");
  return text.trim();
}
