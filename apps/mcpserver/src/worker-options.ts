import { option, reader, reads } from "@parley/cli";

const archetype = reads.choice("hpc", "cloud", "standalone");
const mocked = { enum: [true, false, "hpc", "cloud", "standalone"] };

/** What makes a server the worker of a site. */
export const workerOptions = {
  join: option({
    flags: "--join <url>",
    description: "join the hub at this address as a worker",
    env: ["MCPSERVER_JOIN"],
    file: "worker.join",
    group: "Worker",
    read: reads.url,
  }),
  joinSecret: option({
    flags: "--join-secret <secret>",
    description: "the hub's secret",
    env: ["MCPSERVER_JOIN_SECRET"],
    file: "worker.join_secret",
    secret: true,
    group: "Worker",
    read: reads.text,
  }),
  joinSecretFile: option({
    flags: "--join-secret-file <file>",
    description: "file that holds the hub's secret",
    env: ["MCPSERVER_JOIN_SECRET_FILE"],
    file: "worker.join_secret_file",
    group: "Worker",
    read: reads.text,
  }),
  workerId: option({
    flags: "--worker-id <id>",
    description: "name of this site in the federation",
    env: ["MCPSERVER_WORKER_ID"],
    file: "worker.id",
    initialText: "host name",
    group: "Worker",
    read: reads.text,
  }),
  publicUrl: option({
    flags: "--public-url <url>",
    description: "address under which the hub reaches this worker",
    env: ["MCPSERVER_PUBLIC_URL"],
    file: "worker.public_url",
    group: "Worker",
    read: reads.url,
  }),
  label: option({
    flags: "--label <key=value>",
    description: "label of this worker; repeat for more",
    env: ["MCPSERVER_LABELS"],
    file: "worker.labels",
    list: true,
    initial: {},
    group: "Worker",
    read: reads.pairs,
  }),
  localAllow: option({
    flags: "--local-allow <program>",
    description: "let this machine run jobs, of these programs only; repeat for more",
    env: ["MCPSERVER_LOCAL_ALLOW"],
    file: "worker.local.allow",
    list: true,
    initial: [],
    group: "Worker",
    read: reads.list,
  }),
  localCores: option({
    flags: "--local-cores <count>",
    description: "cores of this machine that jobs may use",
    env: ["MCPSERVER_LOCAL_CORES"],
    file: "worker.local.cores",
    initialText: "all",
    group: "Worker",
    read: reads.integer(1, 4096),
  }),
  verbose: option({
    flags: "--verbose",
    description: "add the recorded calls to the text of proposals",
    env: ["MCPSERVER_VERBOSE"],
    file: "worker.verbose",
    initial: false,
    group: "Worker",
    read: reads.flag,
  }),
  mock: option({
    flags: "--mock [archetype]",
    description: "be a simulated site: hpc, cloud or standalone; drawn from the worker id when not named",
    env: ["MCPSERVER_MOCK"],
    file: "worker.mock",
    group: "Worker",
    read: reader(mocked, (raw, where): "any" | "hpc" | "cloud" | "standalone" | undefined => {
      if (raw === false || raw === "false") return undefined;
      return raw === true || raw === "true" ? "any" : archetype(raw, where);
    }),
  }),
  archetype: option({
    flags: "--archetype <archetype>",
    description: "same as --mock with an archetype",
    group: "Worker",
    hidden: true,
    read: archetype,
  }),
};
