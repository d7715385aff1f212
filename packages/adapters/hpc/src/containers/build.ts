import { ParleyError, newId } from "@parley/core";
import { redact } from "@parley/exec";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Call } from "../call.ts";
import { listen } from "../listen.ts";
import { type BuildArguments, checkBuildArgs, readSecrets } from "./build-arguments.ts";
import { buildCommand, readStep } from "./build-command.ts";
import { type BuildLog, BuildLogs } from "./build-logs.ts";
import { checkContext } from "./context.ts";
import { Finding } from "./dockerfile/finding.ts";
import { validateDockerfile } from "./dockerfile/validate-dockerfile.ts";
import { type EngineState, engineNames, engineVariables, findEngine } from "./engine.ts";
import { fullId, inspectImage } from "./inspect-image.ts";
import { type Scratch, withScratch } from "./scratch.ts";

/** What a build made. */
export const BuildResult = z.object({
  build_id: z.string(),
  image: z.string(),
  image_id: z.string().optional(),
  /** Digest of the image's manifest, where the engine keeps one before a push. */
  digest: z.string().optional(),
  size_bytes: z.number().optional(),
  engine: z.enum(engineNames),
  engine_version: z.string().optional(),
  duration_seconds: z.number(),
  /** What is worth mending in the Dockerfile; advice is left out. */
  findings: z.array(Finding),
  /** The end of the log. */
  log: z.string(),
  /** Characters of the whole log, which docker_build_log reads. */
  log_characters: z.number().int(),
});
export type BuildResult = z.infer<typeof BuildResult>;

const tailCharacters = 4000;

/**
 * Builds an image from a Dockerfile given as text, in a folder of its own.
 * @throws `E_EXEC_FAILED` with the step and the reason, `E_EXEC_TIMEOUT`, `E_INTERRUPTED`, `E_ENGINE_MISSING`
 */
export async function buildImage(args: BuildArguments, call: Call): Promise<BuildResult> {
  checkBuildArgs(args.build_args);
  checkContext(args);
  const findings = validateDockerfile(args.dockerfile).filter(({ level }) => level !== "info");
  const secrets = readSecrets(call, args.secrets);
  const engine = await findEngine(call, { wanted: args.engine, doing: "build images" });
  const log = BuildLogs.of(call).open(newId("build"), args.uri);
  const begun = call.now();
  try {
    return await withScratch({ dockerfile: args.dockerfile, files: args.files, secrets }, async (scratch) => {
      await runBuild({ args, call, engine: engine.name, scratch, log, secrets: Object.values(secrets) });
      const facts = await inspectBuilt(call, { engine, args, scratch });
      return {
        build_id: log.id,
        image: args.uri,
        ...facts,
        engine: engine.name,
        ...(engine.version === undefined ? {} : { engine_version: engine.version }),
        duration_seconds: (call.now() - begun) / 1000,
        findings,
        log: log.read(Math.max(0, log.size - tailCharacters), tailCharacters).text,
        log_characters: log.size,
      };
    });
  } finally {
    log.end();
  }
}

interface Running {
  readonly args: BuildArguments;
  readonly call: Call;
  readonly engine: EngineState["name"];
  readonly scratch: Scratch;
  readonly log: BuildLog;
  readonly secrets: readonly string[];
}

async function runBuild({ args, call, engine, scratch, log, secrets }: Running): Promise<void> {
  let at: string | undefined;
  const hide = (line: string): string =>
    secrets.reduce((shown, secret) => shown.replaceAll(secret, "[redacted]"), redact(line));
  const ended = await listen(call, buildCommand(engine, args, scratch), {
    pass: engineVariables,
    // The flag is refused where BuildKit is off; the variable is not.
    set: engine === "docker" ? { BUILDKIT_PROGRESS: "plain" } : {},
    cwd: scratch.context,
    timeoutMs: args.timeout_seconds * 1000,
    onLine: (line) => {
      const shown = hide(line);
      log.append(shown);
      const found = readStep(line);
      if (found === undefined) return;
      at = shown;
      call.progress(found.step - 1, found.steps, shown.slice(0, 200));
    },
  });
  if (!ended.ok) throw buildError({ args, log, at, engine, ended });
}

function buildError(build: {
  readonly args: BuildArguments;
  readonly log: BuildLog;
  readonly at: string | undefined;
  readonly engine: string;
  readonly ended: Awaited<ReturnType<typeof listen>>;
}): ParleyError {
  const { args, log, at, engine, ended } = build;
  const { failure, exitCode } = ended;
  if (failure === "aborted")
    return new ParleyError("E_INTERRUPTED", `The build of ${args.uri} was cancelled.`);
  const tail = log.read(Math.max(0, log.size - tailCharacters), tailCharacters).text;
  const details = {
    build_id: log.id,
    stdout: "",
    stderr: tail,
    ...(exitCode === undefined ? {} : { exitCode }),
  };
  const where = at === undefined ? "" : ` at ${at.slice(0, 200)}`;
  if (failure === "timeout") {
    const after = String(args.timeout_seconds);
    const message = `The build of ${args.uri} did not end within ${after} s and was killed${where}.`;
    return new ParleyError("E_EXEC_TIMEOUT", message, { details });
  }
  const message = `${engine} could not build ${args.uri}${where}: ${reasonIn(tail)} (docker_build_log with build_id ${log.id} has the whole log)`;
  return new ParleyError("E_EXEC_FAILED", message, { details });
}

/** What an engine says of any step that failed: true, and no reason. */
const afterwards =
  /building at STEP|exit status \d+$|did not complete successfully|returned a non-zero code|failed to solve|^-{3,}|^Dockerfile:\d+/i;

/** The last line that complains of something but that the step failed. */
function reasonIn(tail: string): string {
  const lines = tail.split("\n").filter((line) => /[\p{L}\p{N}]/u.test(line));
  const complaints = lines.filter((line) =>
    /\berror\b|\bfail(?:ed|ure)?\b|not found|unable|cannot|can't|denied|no such/i.test(line),
  );
  const reason = complaints.findLast((line) => !afterwards.test(line)) ?? complaints.at(-1) ?? lines.at(-1);
  return (reason ?? "no reason given").trim().slice(0, 300);
}

/** Facts of the image that was built; whatever the engine does not say is left out. */
async function inspectBuilt(
  call: Call,
  built: { readonly engine: EngineState; readonly args: BuildArguments; readonly scratch: Scratch },
): Promise<Pick<BuildResult, "image_id" | "digest" | "size_bytes">> {
  const { engine, args, scratch } = built;
  const written = await readFile(scratch.imageIdFile, "utf8").catch(() => "");
  const image = await inspectImage(call, engine.name, args.uri).catch((error: unknown) => {
    // The image is there; an engine that does not describe it takes that from nobody.
    if (call.signal.aborted) throw error;
    return undefined;
  });
  const id = fullId(/[0-9a-f]{12,64}/.exec(written)?.[0]) ?? image?.id;
  return {
    ...(id === undefined ? {} : { image_id: id }),
    ...(image?.digest === undefined ? {} : { digest: image.digest }),
    ...(image?.sizeBytes === undefined ? {} : { size_bytes: image.sizeBytes }),
  };
}
