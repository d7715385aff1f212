import { option, reads } from "@parley/cli";
import { accessOptions } from "./access-options.ts";
import { hubOptions } from "./hub-options.ts";
import { loadingOptions } from "./loading-options.ts";
import { modelOptions } from "./model-options.ts";
import { programOptions } from "./program-options.ts";
import { serverOptions } from "./server-options.ts";
import { transportOptions } from "./transport-options.ts";
import { workerOptions } from "./worker-options.ts";

/**
 * Every setting of `mcpserver start`: the one table from which flags, variables and file keys come.
 * Spellings of the seed's tools are accepted after our own.
 */
export const startOptions = {
  ...serverOptions,
  ...transportOptions,
  ...loadingOptions,
  ...accessOptions,
  ...hubOptions,
  ...workerOptions,
  ...modelOptions,
  ...programOptions,
};

/** Settings of `mcpserver simulate`. */
export const simulateOptions = {
  workers: option({
    flags: "--workers <count>",
    description: "how many simulated workers",
    initial: 10,
    read: reads.integer(1, 10_000),
  }),
  join: startOptions.join,
  joinSecret: startOptions.joinSecret,
  joinSecretFile: startOptions.joinSecretFile,
  ca: startOptions.ca,
  mock: startOptions.mock,
  prefix: option({
    flags: "--prefix <text>",
    description: "worker ids are this and a number",
    initial: "sim-",
    read: reads.text,
  }),
};
