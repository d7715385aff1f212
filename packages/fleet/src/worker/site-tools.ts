import { CallForProposals, ParleyError, isoTime, newId } from "@parley/core";
import type { Clock } from "@parley/core";
import { legacyText, parseRequest } from "@parley/secretary";
import type { Secretary } from "@parley/secretary";
import type { Site } from "@parley/providers";
import { defineTool, toolResult } from "@parley/tool-registry";
import type { Tool } from "@parley/tool-registry";
import { z } from "zod";
import { AskArguments, controlMeta } from "./control-tools.ts";

export interface SiteToolsOptions {
  readonly site: Site;
  readonly secretary: Secretary;
  readonly clock: Clock;
  /** Adds the recorded calls to the legacy text. */
  readonly verbose: boolean;
  /** Whether `export_provider_metadata` answers; simulated sites always do. */
  readonly exposeTruth: boolean;
}

/** The tools by which a site tells what it is and what it could do. */
export function createSiteTools(options: SiteToolsOptions): readonly Tool[] {
  const { site, secretary, clock } = options;
  const getStatus = defineTool({
    name: "get_status",
    description: "What this site has: static facts by category and provider, with their scope and time.",
    annotations: { readOnlyHint: true },
    input: z.object({}),
    handler: async (_args, { signal }) => ({
      worker_id: site.workerId,
      timestamp: isoTime(clock.now()),
      manifest: await site.manifest({ signal }),
    }),
  });
  const ask = defineTool({
    name: "ask_secretary",
    description: "Whether this site can serve a job, with the evidence for each clause. Runs nothing.",
    scope: "negotiate",
    annotations: { readOnlyHint: true },
    input: AskArguments,
    handler: async (args, { signal }) => {
      const call = args.call ? readCall(args.call) : callFromWords(args.request, clock.now());
      const proposal = await secretary.propose(call, { signal, submitter: call.submitter });
      const said = {
        worker_id: site.workerId,
        proposal: legacyText(proposal, { verbose: options.verbose }),
      };
      // The text is for callers of the seed's kind, who read no more than this of it.
      return toolResult({ text: JSON.stringify(said), structured: { ...said, structured: proposal } });
    },
  });
  const exportMetadata = defineTool({
    name: "export_provider_metadata",
    description: "Ground truth of a simulated site, or the manifest of a real one.",
    scope: "admin",
    annotations: { readOnlyHint: true },
    _meta: controlMeta,
    input: z.object({}),
    handler: () => site.truth(),
  });
  return options.exposeTruth ? [getStatus, ask, exportMetadata] : [getStatus, ask];
}

function callFromWords(request: string, now: number): CallForProposals {
  const { objectives: _private, ...requirements } = parseRequest(request, { now }).requirements;
  return { schema: "call-for-proposals/1", negotiationId: newId("neg"), requirements, factors: [] };
}

function readCall(given: unknown): CallForProposals {
  const call = CallForProposals.safeParse(given);
  if (call.success) return call.data;
  const [issue] = call.error.issues;
  const where = ["call", ...(issue?.path ?? [])].join(".");
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    `ask_secretary: ${where}: ${issue?.message ?? "not a question"}.`,
  );
}
