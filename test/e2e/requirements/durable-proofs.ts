import type { Requirement } from "./requirement.ts";

/** The queue under kills, cuts and full disks. */
const harm = {
  "DUR-01": {
    source: "issue 6, shows; reference B.5",
    says: "Killed and stopped workers and brokers lose no task, invent none, and no result of a superseded attempt is taken; what a worker was told is what the log says.",
  },
  "DUR-02": {
    source: "issue 6, shows; reference B.5",
    says: "A history of a queue is judged as Jepsen's total-queue checker does: ok, lost, unexpected, duplicated, recovered.",
  },
  "DUR-03": {
    source: "issue 6, shows; reference B.5",
    says: "A queue whose write-ahead log is cut at any byte has every operation that was acknowledged by then.",
  },
  "DUR-04": {
    source: "issue 6, shows",
    says: "On a full disk writes are refused, reads go on, and room makes it whole again.",
  },
  "DUR-05": {
    source: "issue 6, shows",
    says: "Random commands keep queue and model the same: flows, batches, retries, keys, restarts and jumps of the clock included; the replayed log equals the tables.",
  },
} as const satisfies Record<string, Requirement>;

/** Speed that changes nothing. */
const speed = {
  "DUR-10": {
    source: "issue 6, shows (enqueue in batches)",
    says: "A batch does what the same commands do one by one, and all or none leaves nothing.",
  },
  "QUEUE-01": {
    source: "issue 6, target of the benchmark",
    says: "What a queue keeps in memory of its file is what the file says: claims take the tasks that a query would give, also among calls of one commit of which some are undone.",
  },
  "QUEUE-02": {
    source: "issue 6, target of the benchmark",
    says: "Tasks that are written by one statement get each its own values and its own token.",
  },
  "QUEUE-03": {
    source: "issue 6, target of the benchmark",
    says: "The hashes of a log are those that earlier releases wrote.",
  },
} as const satisfies Record<string, Requirement>;

/** What outlives the process. */
const kept = {
  "DUR-20": {
    source: "issue 6, safety",
    says: "A restart neither closes an open breaker nor gives a used-up budget back.",
  },
  "DUR-21": {
    source: "issue 6, safety",
    says: "Small values are kept beside the tasks under keys.",
  },
} as const satisfies Record<string, Requirement>;

/** The lab through real clients. */
const lab = {
  "DUR-30": {
    source: "seed 004, checkpoint and steps 2 to 6; coverage, durable work",
    says: "Clients of each era find the lab's tools, arguments, resources and words, and run the orchestrator for its four figures.",
  },
  "DUR-31": {
    source: "issue 6, shows (bad input)",
    says: "Clients of each era are told of cycles, unknown ids, stale leases, second ends and 2 MB payloads in exact words.",
  },
  "DUR-32": {
    source: "issue 6, shows (Inspector transcript)",
    says: "The Inspector's transcript in the guide is what the Inspector prints.",
  },
} as const satisfies Record<string, Requirement>;

export const durableProofs = { ...harm, ...speed, ...kept, ...lab } as const;
