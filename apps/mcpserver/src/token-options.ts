import { option, reads } from "@parley/cli";
import { accessOptions } from "./access-options.ts";
import { serverOptions } from "./server-options.ts";

/** Where the token commands find their file. */
export const tokenFileOptions = { tokens: accessOptions.tokens, config: serverOptions.config };

const json = option({
  flags: "--json",
  description: "one JSON document on standard output",
  initial: false,
  read: reads.flag,
});

/** Settings of `mcpserver token add`. */
export const tokenAddOptions = {
  ...tokenFileOptions,
  scopes: option({
    flags: "--scopes <names>",
    description: "what the token opens: read, negotiate, dispatch, admin, with commas between",
    initial: ["read"],
    initialText: "read",
    read: reads.list,
  }),
  expires: option({
    flags: "--expires <time>",
    description: "when it ends: a duration such as 30d, or a date",
    initialText: "never",
    read: reads.text,
  }),
  json,
};

/** Settings of the other `mcpserver token` commands. */
export const tokenOptions = { ...tokenFileOptions, json };
