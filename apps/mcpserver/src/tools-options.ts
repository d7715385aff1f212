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
    description: "ask a running server, with MCPSERVER_TOKEN if set, instead of loading tools here",
    read: reads.url,
  }),
  config: serverOptions.config,
  ...loading,
};
