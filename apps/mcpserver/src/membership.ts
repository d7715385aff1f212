import type { ParleyError } from "@parley/core";
import type { Membership, Worker } from "@parley/fleet";
import { authorities } from "./authorities.ts";
import type { StartDependencies } from "./running.ts";
import type { Settings } from "./settings.ts";
import type { Transport } from "./transport.ts";

/** Why a load balancer should send nothing yet. */
export function missing({ join: hubUrl }: Settings, membership: Membership | undefined): readonly string[] {
  return hubUrl === undefined || membership?.state?.kind === "joined"
    ? []
    : [`not joined to the hub at ${hubUrl}`];
}

/** Bound to every address a worker does not know which one the hub sees; in a URL, 0.0.0.0 asks the hub to fill that in. */
export const everywhere: ReadonlySet<string> = new Set(["0.0.0.0", "::", "[::]"]);

interface Joining {
  readonly worker: Worker;
  readonly url: string;
  readonly refuse: (error: ParleyError) => void;
  readonly identity: Transport["identity"];
}

/** Joins the hub the settings name, if they do. */
export function joinIfAsked(
  settings: Settings,
  dependencies: StartDependencies,
  joining: Joining,
): Membership | undefined {
  const { join: hubUrl, joinSecret: secret } = settings;
  if (hubUrl === undefined || secret === undefined) return undefined;
  const { worker, url, refuse, identity } = joining;
  return worker.join({
    hubUrl,
    secret,
    ca: authorities(settings),
    identity,
    publicUrl: settings.publicUrl ?? url,
    onState: (state) => {
      dependencies.onJoin?.(state);
      if (state.kind === "refused") refuse(state.error);
    },
  });
}
