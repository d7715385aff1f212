import { ParleyError } from "@parley/core";
import { z } from "zod";
import { RawJob } from "./answers.ts";
import type { Call } from "./call.ts";
import { lookAt } from "./jobs.ts";
import type { Submission } from "./register.ts";

/** The arguments that carry a job file. */
export const jobFileArguments = {
  content: z
    .string()
    .min(1)
    .max(1_000_000)
    .describe('The job file\'s text, for example: job "web" { group "g" { ... } } or {"Job": {"ID": "web"}}'),
  format: z
    .enum(["auto", "hcl", "json"])
    .default("auto")
    .describe("Language of content; auto takes text that begins with { for JSON; for example: hcl"),
  variables: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Values for the variables the HCL declares, for example: {"image": "nginx:1.27"}'),
};

/** A job file to read. */
export interface JobFile {
  readonly content: string;
  readonly format: "auto" | "hcl" | "json";
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly namespace?: string | undefined;
}

/** A job read from a file. */
export interface ReadJobFile {
  readonly job: RawJob;
  readonly submission: Submission;
  readonly warnings: readonly string[];
}

/** Reads a job file: `{"Job": ...}`, a bare job, HCL, or HCL written as JSON. Nomad parses HCL. */
export async function readJobFile(call: Call, file: JobFile): Promise<ReadJobFile> {
  const source = file.content.replace(/^\uFEFF/, "").trim();
  const { format, variables } = file;
  const json = format === "json" || (format === "auto" && source.startsWith("{"));
  const direct = json ? readJson(source) : undefined;
  const given = variables === undefined ? undefined : JSON.stringify(variables);
  if (direct !== undefined && variables !== undefined) {
    throw new ParleyError(
      "E_ARGUMENT_INVALID",
      "Only HCL has variables: leave variables out for a JSON job.",
    );
  }
  const job = direct ?? (await parseHcl(call, { source, variables: given, namespace: file.namespace }));
  const submission: Submission = {
    Source: source,
    Format: json ? "json" : "hcl2",
    ...(given === undefined ? {} : { Variables: given }),
  };
  return { job, submission, warnings: jobWarnings(job) };
}

/** The job in a JSON file; `undefined` for HCL written as JSON, whose key is a small `job`. */
function readJson(source: string): RawJob | undefined {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "";
    throw new ParleyError("E_ARGUMENT_INVALID", `The job file is no JSON: ${reason}`, { cause });
  }
  const record = RawJob.safeParse(value);
  if (!record.success) throw new ParleyError("E_ARGUMENT_INVALID", "The job file holds no JSON object.");
  const wrapped = RawJob.safeParse(record.data["Job"]);
  if (wrapped.success) return wrapped.data;
  if ("job" in record.data && !("ID" in record.data)) return undefined;
  return record.data;
}

interface HclText {
  readonly source: string;
  /** A JSON object: Nomad reads variables as JSON when they begin with a brace, and then no HCL can hide in them. */
  readonly variables?: string | undefined;
  readonly namespace?: string | undefined;
}

async function parseHcl(call: Call, { source, variables, namespace }: HclText): Promise<RawJob> {
  return call.nomad.read(RawJob, {
    method: "POST",
    path: ["jobs", "parse"],
    namespace,
    body: {
      JobHCL: source,
      Canonicalize: false,
      ...(variables === undefined ? {} : { Variables: variables }),
    },
    signal: call.signal,
    doing: "parse the job file",
    needs: "parse-job",
  });
}

/** What a reader of a job should know before it runs. @throws `E_ARGUMENT_INVALID` when it is no job */
export function jobWarnings(raw: RawJob): string[] {
  const job = lookAt(raw);
  if (job.ID === "" && job.Name === "")
    throw new ParleyError("E_ARGUMENT_INVALID", "The job has neither ID nor Name.");
  const identity = { ID: job.ID, Name: job.Name, Namespace: job.Namespace, Region: job.Region };
  const warnings = Object.entries(identity)
    .filter(([, value]) => /^\$\{[^}]+\}$/.test(value))
    .map(([field, value]) => `${field} is the literal ${value}: the HCL lacks a quote or a variable.`);
  for (const group of job.TaskGroups) {
    for (const task of group.Tasks) {
      if (task.Driver === "raw_exec")
        warnings.push(`Task ${task.Name} runs unconfined, as the agent's user (raw_exec).`);
      if (task.Config?.["privileged"] === true)
        warnings.push(`Task ${task.Name} asks for a privileged container.`);
    }
  }
  return warnings;
}
