import type { Proposal } from "@parley/core";

/**
 * The proposal as the first hubs' workers wrote it: one line of prose and a fenced JSON block. Only here is an
 * unknown number -1.
 * @param options - `verbose` appends the recorded calls in a second block.
 */
export function legacyText(
  proposal: Proposal,
  options: { readonly verbose?: boolean | undefined } = {},
): string {
  const { verdict, metrics, constraints, calls } = proposal;
  const reasoning = proposal.reasons.join("; ") || `The site is ${verdict}.`;
  const block = {
    verdict,
    reasoning,
    metrics: {
      queue_depth: metrics.queueDepth ?? -1,
      ets_seconds: metrics.startSeconds === null ? -1 : Math.round(metrics.startSeconds),
    },
    constraints,
  };
  const text = `EARLY RETURN: False\nFINAL PROPOSAL: ${verdict}. ${unfenced(reasoning)}\n${fenced(block)}`;
  return options.verbose === true ? `${text}\n\nCALLS\n${fenced(calls)}` : text;
}

/** Backticks in remote text must not close the block. */
function fenced(value: unknown): string {
  return `\`\`\`json\n${JSON.stringify(value, undefined, 2).replaceAll("`", "\\u0060")}\n\`\`\``;
}

function unfenced(text: string): string {
  return text.replaceAll("`", "'").replace(/\s+/g, " ");
}
