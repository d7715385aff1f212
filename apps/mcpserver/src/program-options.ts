import { option, reads } from "@parley/cli";

/** What concerns the program itself: how much it says, and whether it only shows its configuration. */
export const programOptions = {
  debug: option({
    flags: "--debug",
    description: "same as --log-level debug",
    env: ["MCPSERVER_DEBUG"],
    file: "server.debug",
    initial: false,
    group: "Program",
    read: reads.flag,
  }),
  quiet: option({
    flags: "--quiet",
    description: "say nothing but errors",
    env: ["MCPSERVER_QUIET"],
    file: "server.quiet",
    initial: false,
    group: "Program",
    read: reads.flag,
  }),
  maskErrorDetails: option({
    flags: "--mask-error-details",
    aliases: ["--mask-error_details"],
    description: "answer a tool's unexpected error with a number under which the log has the details",
    env: ["MCPSERVER_MASK_ERROR_DETAILS"],
    file: "server.mask_error_details",
    initial: false,
    group: "Program",
    read: reads.flag,
  }),
  printConfig: option({
    flags: "--print-config",
    description: "print every setting, its value and where that was given, and start nothing",
    initial: false,
    group: "Program",
    read: reads.flag,
  }),
  json: option({
    flags: "--json",
    description: "print the configuration, and errors, as JSON",
    initial: false,
    group: "Program",
    read: reads.flag,
  }),
};
