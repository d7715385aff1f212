import { ParleyError } from "@parley/core";
import { describeFailure } from "@parley/exec";
import { z } from "zod";
import type { Call } from "../call.ts";
import { execute } from "../execute.ts";

/** The programs that make containers, in the order they are tried. */
export const engineNames = ["docker", "podman", "buildah"] as const;
export type EngineName = (typeof engineNames)[number];

/** What a call says of the engine it wants. */
export const EngineChoice = z
  .enum(engineNames)
  .optional()
  .describe("Engine to use; default HPC_CONTAINER_ENGINE, else the first that answers; for example: podman");

/** An engine of this machine. */
export const EngineState = z.object({
  name: z.enum(engineNames),
  /** `unreachable`: installed, and its service does not answer. */
  state: z.enum(["ready", "absent", "unreachable"]),
  version: z.string().optional(),
  detail: z.string().optional(),
});
export type EngineState = z.infer<typeof EngineState>;

/** Variables by which the engines find their service, storage, credentials and proxy. */
export const engineVariables: readonly string[] = [
  "DOCKER_*",
  "CONTAINER_*",
  "CONTAINERS_*",
  "BUILDAH_*",
  "STORAGE_*",
  "XDG_RUNTIME_DIR",
  "XDG_CONFIG_HOME",
  "XDG_DATA_HOME",
  "REGISTRY_AUTH_FILE",
  "SSL_CERT_FILE",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
];

const questions: Readonly<Record<EngineName, readonly string[]>> = {
  // The client alone says nothing: without its service docker can do nothing.
  docker: ["version", "--format", "{{.Server.Version}}"],
  podman: ["--version"],
  buildah: ["--version"],
};

/** Asks one engine whether it is there. */
export async function probeEngine(call: Call, name: EngineName): Promise<EngineState> {
  const result = await execute(call, [name, ...questions[name]], {
    pass: engineVariables,
    timeoutMs: 10_000,
  });
  if (result.failure === "not-found") return { name, state: "absent" };
  if (result.failure === "aborted") throw new ParleyError("E_INTERRUPTED", "Interrupted.");
  if (!result.ok) return { name, state: "unreachable", detail: describeFailure(result) };
  const version = /\d+\.\d+[\w.+-]*/.exec(result.stdout)?.[0];
  return { name, state: "ready", ...(version === undefined ? {} : { version }) };
}

/** What a call needs of an engine. */
export interface EngineNeed {
  readonly wanted?: EngineName | undefined;
  /** Engines that can do it; default all. */
  readonly able?: readonly EngineName[] | undefined;
  /** For the message, such as `build images`. */
  readonly doing: string;
}

/**
 * The engine to use: the one wanted, else `HPC_CONTAINER_ENGINE`, else the first that answers.
 * @throws `E_ENGINE_MISSING`, `E_ENGINE_UNREACHABLE`, `E_ARGUMENT_INVALID` for one that cannot do it
 */
export async function findEngine(call: Call, need: EngineNeed): Promise<EngineState> {
  const { able = engineNames, doing } = need;
  const wanted = need.wanted ?? configured(call);
  if (wanted !== undefined && !able.includes(wanted)) {
    throw new ParleyError("E_ARGUMENT_INVALID", `${wanted} cannot ${doing}; ${able.join(" or ")} can.`);
  }
  const down: EngineState[] = [];
  for (const name of wanted === undefined ? able : [wanted]) {
    const state = await probeEngine(call, name);
    if (state.state === "ready") return state;
    if (state.state === "unreachable") down.push(state);
  }
  const [broken] = down;
  if (broken !== undefined) {
    const message = `${broken.name} is installed and cannot ${doing}: ${broken.detail ?? "it does not answer."}`;
    throw new ParleyError("E_ENGINE_UNREACHABLE", message);
  }
  const names = wanted ?? able.join(" or ");
  throw new ParleyError("E_ENGINE_MISSING", `Nothing here can ${doing}: install ${names} or correct PATH.`);
}

function configured(call: Call): EngineName | undefined {
  const value = call.options.containerEngine ?? call.env["HPC_CONTAINER_ENGINE"];
  if (value === undefined || value === "") return undefined;
  const found = engineNames.find((name) => name === value);
  if (found !== undefined) return found;
  const message = `HPC_CONTAINER_ENGINE is ${JSON.stringify(value.slice(0, 40))}; it takes ${engineNames.join(", ")}.`;
  throw new ParleyError("E_CONFIG_INVALID", message);
}
