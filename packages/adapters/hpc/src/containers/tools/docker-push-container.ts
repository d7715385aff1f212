import { ParleyError } from "@parley/core";
import { redact } from "@parley/exec";
import { z } from "zod";
import { Confirm, TimeoutSeconds } from "../../arguments.ts";
import { listen } from "../../listen.ts";
import { operation } from "../../operation.ts";
import { EngineChoice, engineNames, engineVariables, findEngine } from "../engine.ts";
import { ImageReference } from "../image-reference.ts";

/** Pushes an image. */
export const dockerPushContainer = operation({
  name: "docker_push_container",
  description:
    "Pushes an image to its registry, with the credentials the engine is logged in with, and says its digest. " +
    "What the tag meant there before is replaced, so it asks for confirm: true.",
  toolset: "containers-write",
  effect: "destroy",
  idempotent: true,
  task: "optional",
  input: z.strictObject({
    uri: ImageReference.describe("Image with its registry, for example: ghcr.io/lab/lammps:2026"),
    all_tags: z
      .boolean()
      .default(false)
      .describe("Pushes every tag of the image; docker only; for example: true"),
    confirm: Confirm,
    engine: EngineChoice,
    timeout_seconds: TimeoutSeconds.default(1800),
  }),
  output: z.object({
    image: z.string(),
    digest: z.string().optional(),
    engine: z.enum(engineNames),
    log: z.string(),
  }),
  destroys: ({ uri, all_tags }) =>
    `would push ${all_tags ? `every tag of ${uri}` : uri} and replace what its registry has under that name.`,
  async run({ uri, all_tags, ...args }, call) {
    if (all_tags && /[:@][^/]*$/.test(uri)) {
      throw new ParleyError("E_ARGUMENT_INVALID", "all_tags takes an image without a tag.");
    }
    const able = all_tags ? (["docker"] as const) : engineNames;
    const engine = await findEngine(call, { wanted: args.engine, able, doing: "push images" });
    const lines: string[] = [];
    const ended = await listen(call, [engine.name, "push", ...(all_tags ? ["--all-tags"] : []), uri], {
      pass: engineVariables,
      timeoutMs: args.timeout_seconds * 1000,
      onLine: (line) => {
        lines.push(redact(line));
        if (lines.length > 200) lines.shift();
        call.progress(0, undefined, redact(line).slice(0, 200));
      },
    });
    const log = lines.join("\n");
    if (ended.failure === "aborted")
      throw new ParleyError("E_INTERRUPTED", `The push of ${uri} was cancelled.`);
    if (!ended.ok) {
      const code = ended.failure === "timeout" ? "E_EXEC_TIMEOUT" : "E_EXEC_FAILED";
      const message = `${engine.name} could not push ${uri}: ${lines.at(-1)?.slice(0, 300) ?? "no reason given"}`;
      throw new ParleyError(code, message, {
        details: { stderr: log.slice(-4000), stdout: "", exitCode: ended.exitCode },
      });
    }
    const digest = /sha256:[0-9a-f]{64}/.exec(lines.findLast((line) => /digest/i.test(line)) ?? "")?.[0];
    return {
      image: uri,
      ...(digest === undefined ? {} : { digest }),
      engine: engine.name,
      log: log.slice(-4000),
    };
  },
  say: ({ image, digest }) => `Pushed ${image}${digest === undefined ? "" : ` as ${digest}`}.`,
});
