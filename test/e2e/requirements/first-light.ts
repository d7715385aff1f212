import type { Requirement } from "./requirement.ts";

/** A request in plain words, to a finished job. */
export const firstLight = {
  "HUB-01": {
    source: "flow F1.2",
    says: "A hub answers /health with status 200, OK, its mode and how many workers it has.",
  },
  "HUB-02": {
    source: "flow F1.3",
    says: "A hub serves the seed's tools and those for satisfying, selecting, jobs and workers.",
  },
  "HUB-03": {
    source: "flow F1.4",
    says: "A hub without workers says so; a negotiation with nobody is an error result.",
  },
  "HUB-04": {
    source: "flow F1.5",
    says: "Without a given secret a hub makes its own, at least 32 random bytes, kept with mode 600.",
  },
  "HUB-05": {
    source: "flow F1.6",
    says: "A hub on a network address without a token does not start unless told to be insecure.",
  },
  "HUB-06": {
    source: "issue 2, deliver 11",
    says: "One process can be hub and worker, and its own site negotiates like any other.",
  },
  "HUB-07": {
    source: "issue 2, deliver 10",
    says: "What a hub knows of workers, negotiations and jobs survives its restart.",
  },
  "HUB-08": {
    source: "coverage, First light",
    says: "Join secret, worker id, labels, batching and public address are set by flags and by variables.",
  },
  "JOIN-01": {
    source: "flow F2.2",
    says: "A registration with a wrong or missing secret or field is refused with the right status and one sentence.",
  },
  "JOIN-02": {
    source: "flow F2.3",
    says: "A new worker's tools appear at the hub with their schemas untouched, and connected clients are told.",
  },
  "JOIN-03": {
    source: "flow F2.4",
    says: "A worker without a secret ends with a sentence; one that is early joins once the hub is there.",
  },
  "JOIN-04": {
    source: "flow F2.5",
    says: "Ids that sanitise alike get distinct prefixes, and each proxy reaches its own worker.",
  },
  "JOIN-05": {
    source: "flow F2.6",
    says: "A second process with the id of a live worker is refused; the first keeps working.",
  },
  "JOIN-06": {
    source: "design, Questions settled",
    says: "Address 0.0.0.0 means this machine to a caller and the caller's address in a registration.",
  },
  "JOIN-07": { source: "seed 000", says: "Without the join secret, or with a wrong one, joining fails." },
  "NAME-01": {
    source: "seed 000",
    says: "A worker's tools are called on the hub as n_781e903e4f10_get_status.",
  },
  "NAME-02": {
    source: "flow F3.2",
    says: "Arguments of any name and type reach the worker unchanged; a wrong type is refused by its schema.",
  },
  "NAME-03": {
    source: "flow F3.3",
    says: "A failing, slow or cancelled worker tool looks the same through the hub, and the hub stays responsive.",
  },
  "NAME-04": {
    source: "flow F3.4",
    says: "Names and schemas a worker sends are data: nothing in them is ever executed.",
  },
  "NAME-05": {
    source: "design, Questions settled",
    says: "Control tools are never mirrored, and no worker can take the name of a hub's tool.",
  },
  "LOSS-01": {
    source: "flow F4.1",
    says: "A worker that dies is offline after three heartbeats at most and its tools leave the list.",
  },
  "LOSS-02": {
    source: "flow F4.2",
    says: "A worker that returns has the same prefix and the tools it has now.",
  },
  "LOSS-03": {
    source: "flow F4.3",
    says: "After a restart of the hub workers are there without being restarted.",
  },
  "LOSS-04": { source: "flow F4.4", says: "A worker that is told to end deregisters at once." },
  "STAT-01": {
    source: "flow F5",
    says: "Fleet status shows labels, address, online and the manifest as an object, whatever it holds.",
  },
  "LEG-01": {
    source: "design, Questions settled",
    says: "A worker that registers in the seed's form joins, is polled, is called without a credential, is shown as legacy.",
  },
  "LEG-02": {
    source: "design, Names we keep",
    says: "A worker of the seed's kind negotiates and runs jobs, and none of them twice.",
  },
  "LEG-03": {
    source: "design, Names we keep",
    says: "A client of the seed's kind finds proposals[worker].data.proposal and the receipt where they were.",
  },
  "ASK-01": {
    source: "flow F6",
    says: "Satisfying asks every worker and runs nothing; one row per worker, the negotiation has an id.",
  },
  "ASK-02": { source: "flow F6", says: "A worker without a secretary is a row that says so, not a failure." },
  "ASK-03": { source: "flow F6", says: "Asked twice, rules give the same verdicts, and need no key." },
  "ASK-04": {
    source: "issue 2, deliver 10",
    says: "A hung or broken worker costs its own place, nothing past the deadline; the rest answer.",
  },
  "ASK-05": {
    source: "flow F6",
    says: "Parallel, serial and batched asking overlap exactly as far as they say.",
  },
  "ASK-06": {
    source: "design, Promises 2",
    says: "The hub checks every claim on facts; a worker that always says READY is not believed.",
  },
  "ASK-07": {
    source: "issue 2, Shows",
    says: "Answers that are garbage, in another's name or too long are error rows.",
  },
  "ASK-08": {
    source: "seed 000",
    says: "A secretary is given the scales of each factor and never their weights.",
  },
  "ASK-09": {
    source: "design, promise 2",
    says: "A structured answer that cannot be read is an error that says what; the words beside it count for nothing.",
  },
  "ASK-10": {
    source: "reference/upstream-secretary.md section 9",
    says: "An amount without a number is read where it has one meaning, as a couple has, else reported as not understood.",
  },
  "SEL-01": {
    source: "issue 2, deliver 9",
    says: "A choice names the worker and says why, and can be made later from the stored negotiation.",
  },
  "SEL-02": { source: "flow F7.3", says: "Nothing selectable is a rejection with reasons and no dispatch." },
  "SEL-03": {
    source: "issue 2, Shows",
    says: "An unknown strategy is one sentence that names the known ones.",
  },
  "RUN-01": {
    source: "issue 2, deliver 10",
    says: "A request in words ends as a job that ran, with its output and exit code.",
  },
  "RUN-02": {
    source: "flow F9.2",
    says: "Dispatch to an unknown worker is an error that names the known ones.",
  },
  "RUN-03": { source: "flow F9.3", says: "Dispatching twice with one idempotency key is one job, run once." },
  "RUN-04": { source: "flow F9.4", says: "A job id no scheduler knows is not a success." },
  "RUN-05": {
    source: "flow F10",
    says: "Status, logs by cursor and list show a job from submission to its end with its real exit code.",
  },
  "RUN-06": {
    source: "issue 2, deliver 10",
    says: "A job is cancelled before it was placed and while it runs, with all its processes.",
  },
  "RUN-07": { source: "seed 000", says: "A job can be submitted directly to a named cluster." },
  "RUN-08": {
    source: "issue 2, deliver 6",
    says: "The local engine is off unless enabled and runs nothing that is not on its allow-list.",
  },
  "FAULT-01": {
    source: "issue 2, Shows",
    says: "kill -9 of the hub between dispatch and answer: the job is known once, ran once, ends right.",
  },
  "FAULT-02": {
    source: "issue 2, Shows",
    says: "kill -9 of the worker while the job runs: after its restart the job ends in the right state.",
  },
  "FAULT-03": {
    source: "flow F10",
    says: "A worker that cannot be reached makes a job UNKNOWN with a reason, and it recovers.",
  },
  "REST-01": {
    source: "coverage, First light",
    says: "The hub's verbs are plain HTTP routes too, described by OpenAPI.",
  },
  "REST-02": {
    source: "seed 000",
    says: "/health, /tools/list, /prompts/list and /resources/list answer plain GET requests.",
  },
  "AUTH-01": {
    source: "seed 000",
    says: "With a token set every caller needs it, over MCP and over REST: 401 without.",
  },
  "AUTH-02": {
    source: "coverage, First light",
    says: "REST and tools are under one policy: what a caller may not do is 403 on both.",
  },
  "ERA-01": {
    source: "design, Promises 5",
    says: "Clients of the 2025 and of the 2026 revision get the same service from one address.",
  },
  "ERA-02": { source: "design, Promises 5", says: "Our client calls servers of both kinds." },
  "BAD-01": {
    source: "issue 2, Shows",
    says: "A malformed flag, variable or file is one clear sentence and exit code 2.",
  },
  "BAD-02": {
    source: "issue 2, Shows",
    says: "A request of a megabyte is refused in one sentence; the hub goes on.",
  },
  "BAD-03": {
    source: "issue 2, Shows",
    says: "Shell metacharacters and instructions inside a request execute nothing.",
  },
  "BAD-04": {
    source: "issue 2, Shows",
    says: "Unknown workers, jobs and negotiations are one clear sentence, as is every malformed body.",
  },
  "SIM-01": {
    source: "flow F12",
    says: "One worker id gives the same simulated truth, byte for byte, in every process.",
  },
  "SIM-02": {
    source: "coverage, First light",
    says: "A bare mock draws archetypes 40/40/20; an unknown one is refused with the choices.",
  },
  "SIM-03": {
    source: "coverage, First light",
    says: "Many simulated workers run in one process, join a hub and negotiate.",
  },
  "SIM-04": { source: "seed 000", says: "The truth export counts archetypes and providers over the fleet." },
  "SIM-05": { source: "issue 2, deliver 7", says: "Jobs at simulated sites advance on a clock and end." },
  "SLURM-01": {
    source: "issue 2, Shows",
    says: "Two real Slurm clusters join; hostname on 2 nodes ends COMPLETED with its output in the log.",
  },
  "SLURM-02": {
    source: "issue 2, Shows",
    says: "8 GPUs per node is INCOMPATIBLE with the numbers that say why.",
  },
  "SLURM-03": { source: "issue 2, Shows", says: "A Slurm job that exits 7 is FAILED with exit code 7." },
  "SLURM-04": { source: "issue 2, Shows", says: "A Slurm job is cancelled." },
  "SLURM-05": { source: "issue 2, Shows", says: "Free capacity leaves out dead and drained nodes." },
  "SLURM-06": {
    source: "issue 2, Shows",
    says: "A stopped controller is UNKNOWN within its time-out while the rest answer.",
  },
  "CLI-01": {
    source: "design, Names we keep",
    says: "Flag over variable over file over default, and lists of flag and file add up.",
  },
  "CLI-02": {
    source: "design, Names we keep",
    says: "A hub listens on 8000, everything else on 8089, on loopback unless told otherwise.",
  },
  "CLI-03": { source: "design, Questions settled", says: "A set PORT binds wide and then needs a token." },
  "CMD-01": {
    source: "issue 2, deliver 11",
    says: "resource-ask negotiates, satisfies, selects, dispatches and follows jobs at a hub, in words and by flags.",
  },
  "CMD-02": {
    source: "design, Questions settled",
    says: "Every command ends with its exit code; under --propagate with the job's own.",
  },
  "CMD-03": {
    source: "flow F7.1",
    says: "A choice can be made without a hub, from a file of proposals in the seed's form.",
  },
  "CMD-04": {
    source: "seed 000",
    says: "resource-ask export writes the ground truth of all workers to a file.",
  },
} as const satisfies Record<string, Requirement>;
