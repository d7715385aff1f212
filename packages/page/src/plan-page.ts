import type { FastifyInstance } from "fastify";
import { serveAssets } from "./serve-assets.ts";

/** A page for a run of a plan. */
export interface PlanPage {
  /** Adds `/` and `/-/FILE`; register it before the server listens. */
  plugin(scope: FastifyInstance): Promise<void>;
}

const frame = { title: "Plan", secret: "Token", label: "Token of this run", isWide: true } as const;

/**
 * Makes the page of a plan that runs. What it shows comes from `/-/run` of `@parley/plan-interfaces`, and answers go to
 * `/-/answers`, with the token that stands in its address after `#`.
 */
export function createPlanPage(): PlanPage {
  return {
    async plugin(scope) {
      serveAssets(scope, { document: "plan.html", entry: "plan.js", files: "-/", frame });
    },
  };
}
