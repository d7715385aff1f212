import type { Requirement } from "./requirement.ts";

/** The adapter of TensorPool. */
export const tensorpool = {
  "TPL-01": {
    source: "seed 001, exposed tools",
    says: "The ten tools of the Python server have its names, arguments and defaults, as tools and as plain functions, over tp and over HTTP.",
  },
  "TPL-02": {
    source: "issue 4, tensorpool",
    says: "A tp of either generation is asked once what it takes, and gets the arguments it takes.",
  },
  "TPL-03": {
    source: "coverage, Adapters",
    says: "Both Inspector payloads of the seed work word for word, with either generation.",
  },
  "TPL-04": {
    source: "issue 4, tensorpool",
    says: "Shell lines of the engine are refused, and nothing is run, unless the operator allows them; then they run without the key.",
  },
  "TPL-05": {
    source: "issue 4, tensorpool",
    says: "Downloads stay in their folder: a path that leads out refuses the pull, and existing files are kept unless forced.",
  },
  "TPL-06": {
    source: "issue 4, common rules",
    says: "The key is in no argument list, no child's environment, no result, no error and no log.",
  },
  "TPL-07": {
    source: "issue 4, tensorpool",
    says: "The cost of a cluster is told before it is made, and one over the limits needs confirm: true.",
  },
  "TPL-08": {
    source: "issue 4, tensorpool",
    says: "A cluster with a lease is destroyed at its deadline, by a server started after a crash too, and failures are tried again.",
  },
  "TPL-09": {
    source: "seed 001, SSH keys",
    says: "SSH public keys are read field by field; anything else, private keys above all, is refused unrepeated.",
  },
  "TPL-10": {
    source: "issue 4, tensorpool",
    says: "A job file holds what it was given, whatever characters that has.",
  },
  "TPL-11": {
    source: "seed 001, environment variables",
    says: "Both names of the key work, and .env fills what the environment lacks and overrides nothing.",
  },
  "TPL-12": {
    source: "coverage, Adapters",
    says: "--check says of program, network and key in one sentence each whether they are good.",
  },
  "TPL-13": {
    source: "coverage, Adapters",
    says: "Each row of the troubleshooting table shows its symptom from its cause.",
  },
  "TPL-14": {
    source: "seed 001, deployment",
    says: "With PORT set it serves /mcp on all addresses behind a bearer token, and refuses to start without one.",
  },
  "TPL-15": {
    source: "issue 4, tensorpool",
    says: "An engine that breaks, hangs, lies or answers nonsense yields one clear sentence, and nothing is left behind.",
  },
} as const satisfies Record<string, Requirement>;
