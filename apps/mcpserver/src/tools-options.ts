import { option, reads } from "@parley/cli";
import { loadingOptions } from "./loading-options.ts";
import { serverOptions } from "./server-options.ts";
import type { ToolFormat } from "./tool-formats.ts";

const { watch: _watch, strict: _strict, ...loading } = loadingOptions;

/** Settings of `mcpserver tools export`. */
export const exportOptions = {
  format: option<ToolFormat>({
    flags: "--format <name>",
    description: "anthropic (Messages API) or openai (function calling)",
    initial: "anthropic",
    read: reads.choice("anthropic", "openai"),
  }),
  url: option({
    flags: "--url <address>",
    description: "ask a running server instead of loading tools here",
    read: reads.url,
  }),
  ca: { ...serverOptions.ca, description: "certificate authority of that server (PEM)", file: undefined },
  token: { ...serverOptions.token, description: "bearer token for that server", file: undefined },
  tokenFile: {
    ...serverOptions.tokenFile,
    description: "file that holds the bearer token",
    file: undefined,
  },
  config: serverOptions.config,
  mountTimeout: option({
    flags: "--mount-timeout <seconds>",
    description: "how long to wait for each mounted server",
    initial: 30,
    read: reads.integer(1, 3600),
  }),
  ...loading,
};
