import { validateJobspec as validate } from "@parley/jobspec";
import { z } from "zod";
import { Uri } from "../arguments.ts";
import { checkBatch } from "../batch-check.ts";
import type { Call } from "../call.ts";
import { isJobspecText, jobspecOrWhy } from "../jobspec-text.ts";
import { operation } from "../operation.ts";

/** What a validation answers; `jobspec` is what was looked at. */
export const Verdict = z.object({
  valid: z.boolean(),
  errors: z.array(z.string()),
  warnings: z.array(z.string()),
  kind: z.enum(["jobspec", "batch"]),
  /** What was looked at: the object, or the script's text. */
  jobspec: z.union([z.record(z.string(), z.unknown()), z.string()]),
  /** Who looked at it. */
  checked_by: z.array(z.enum(["parley", "flux", "flux feasibility"])),
});
type Verdict = z.input<typeof Verdict>;

export const Content = z
  .string()
  .max(4_000_000)
  .describe(
    'A jobspec, JSON or YAML, or a batch script, for example: "#!/bin/sh\\n#flux: -N2\\nflux run hostname\\n"',
  );

export function verdictOnBatch(content: string): Verdict {
  const { errors, warnings } = checkBatch(content);
  return {
    valid: errors.length === 0,
    errors: [...errors],
    warnings: [...warnings],
    kind: "batch",
    jobspec: content,
    checked_by: ["parley"],
  };
}

const say = ({ path, message }: { path: string; message: string }): string =>
  path === "" ? message : `${path}: ${message}`;

function verdictOnJobspec(content: string): Verdict {
  const jobspec = jobspecOrWhy(content);
  if (typeof jobspec === "string") {
    const [errors, warnings, checked_by] = [[jobspec], [], ["parley" as const]];
    return { valid: false, errors, warnings, kind: "jobspec", jobspec: content, checked_by };
  }
  const { valid, form, problems, warnings } = validate(jobspec);
  const notV1 =
    form === "canonical"
      ? ["It keeps to RFC 14 but not to RFC 25, and Flux takes jobspecs of version 1 alone."]
      : [];
  return {
    valid,
    errors: problems.map(say),
    warnings: [...notV1, ...warnings.map(say)],
    kind: "jobspec",
    jobspec: { ...jobspec },
    checked_by: ["parley"],
  };
}

/** Adds what Flux itself says. A batch script is turned into a jobspec by flux batch first. */
async function askFlux(
  verdict: Verdict,
  call: Call,
  { uri, feasibility }: { readonly uri: string | undefined; readonly feasibility: boolean },
): Promise<Verdict> {
  const flux = call.flux(uri);
  const { signal } = call;
  const { jobspec } = verdict;
  const checked =
    typeof jobspec === "string" ? await flux.planBatch({ script: jobspec }, { signal }) : jobspec;
  const said = await flux.validate(checked, { feasibility, signal });
  const by = feasibility ? ("flux feasibility" as const) : ("flux" as const);
  return {
    ...verdict,
    valid: verdict.valid && said.valid,
    errors: said.reason === undefined ? verdict.errors : [...verdict.errors, `Flux says: ${said.reason}`],
    checked_by: [...verdict.checked_by, by],
  };
}

/** Validates a jobspec by RFC 14 and 25, or the directives of a batch script; needs no Flux unless it is asked too. */
export const validateJobspec = operation({
  name: "flux_validate_jobspec",
  description:
    "Says what is wrong with a jobspec (JSON or YAML, by RFC 14 and 25) or with the #flux: directives of a batch script. Needs no Flux; ask adds Flux's own verdict.",
  toolset: "translate",
  effect: "read",
  input: z.strictObject({
    content: Content,
    ask: z
      .enum(["nobody", "flux", "feasibility"])
      .default("nobody")
      .describe("Also asks Flux's validator, or whether the instance could ever run it, for example: flux"),
    uri: Uri,
  }),
  output: Verdict,
  async run({ content, ask, uri }, call) {
    const verdict = isJobspecText(content) ? verdictOnJobspec(content) : verdictOnBatch(content);
    return ask === "nobody" || verdict.errors.length > 0
      ? verdict
      : askFlux(verdict, call, { uri, feasibility: ask === "feasibility" });
  },
  say: sayVerdict,
});

export function sayVerdict({ valid, kind, errors, warnings }: z.output<typeof Verdict>): string {
  return [
    `The ${kind === "batch" ? "batch script" : "jobspec"} is ${valid ? "valid" : "not valid"}.`,
    ...errors,
    ...warnings.map((warning) => `Note: ${warning}`),
  ].join("\n");
}
