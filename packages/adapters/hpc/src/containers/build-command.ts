import type { BuildArguments } from "./build-arguments.ts";
import type { EngineName } from "./engine.ts";
import type { Scratch } from "./scratch.ts";

/** The argument array of a build. No secret is in it: the engines read those from files. */
export function buildCommand(engine: EngineName, args: BuildArguments, scratch: Scratch): readonly string[] {
  const { uri, platforms, build_args, secrets, target, network, pull, no_cache } = args;
  const several = platforms?.includes(",") === true;
  const named = several && engine !== "docker" ? `--manifest=${uri}` : `--tag=${uri}`;
  return [
    engine,
    "build",
    `--file=${scratch.dockerfile}`,
    named,
    `--iidfile=${scratch.imageIdFile}`,
    ...(network === "default" ? [] : [`--network=${network}`]),
    ...(platforms === undefined ? [] : [`--platform=${platforms}`]),
    ...(target === undefined ? [] : [`--target=${target}`]),
    ...(pull ? [engine === "docker" ? "--pull" : "--pull=always"] : []),
    ...(no_cache ? ["--no-cache"] : []),
    ...(engine === "docker" || no_cache ? [] : ["--layers"]),
    ...Object.entries(build_args).map(([name, value]) => `--build-arg=${name}=${value}`),
    ...Object.keys(secrets).map((id) => `--secret=id=${id},src=${scratch.secretFile(id)}`),
    scratch.context,
  ];
}

/** How far a build is, read off one of its lines: `STEP 2/4: RUN ...`, `Step 2/4 : ...` or `#5 [build 2/4] ...`. */
export function readStep(line: string): { readonly step: number; readonly steps: number } | undefined {
  const [, step, steps] =
    /^STEP (\d{1,4})\/(\d{1,4})\b/i.exec(line) ??
    /^#\d+ \[(?:[^\]]*? )?(\d{1,4})\/(\d{1,4})\]/.exec(line) ??
    [];
  if (step === undefined || steps === undefined) return undefined;
  return { step: Number(step), steps: Number(steps) };
}
