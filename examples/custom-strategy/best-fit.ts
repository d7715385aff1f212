import { defineStrategy } from "@parley/selection";

/** The smallest site that can start now: large ones stay free for jobs that need them. */
export const bestFit = defineStrategy({
  name: "best-fit",
  description: "the site with the fewest idle nodes that can still start the job",
  rank: (entries) =>
    entries
      .filter(({ verdict }) => verdict === "READY")
      .map(({ workerId, proposal }) => ({ workerId, idleNodes: proposal.metrics.idleNodes ?? Infinity }))
      .toSorted(
        (left, right) => left.idleNodes - right.idleNodes || (left.workerId < right.workerId ? -1 : 1),
      )
      .map(({ workerId, idleNodes }) => ({ workerId, reason: `${idleNodes} idle nodes` })),
});
