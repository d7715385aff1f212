import { Command } from "commander";
import { addOptions, helpCommand } from "@parley/cli";
import type { Io } from "@parley/cli";
import { serversOptions } from "./options.ts";
import { safetyOptions } from "./safety-options.ts";

const json = ["--json", "print JSON"] as const;
const { pins } = safetyOptions;

type Flags = Record<string, unknown>;
type Upstream = readonly string[] | undefined;

/** `mcpo pins`: what is pinned, what has changed, and to take it as it is now. */
export function pinsCommand(io: Io, upstream: Upstream): Command {
  const group = new Command("pins").description("Show, compare and approve the pinned definitions of tools.");
  const show = new Command("show").description("Show what is pinned.");
  addOptions(show, { pins }).option(...json);
  show.action(async (flags: Flags) => {
    const { showPins } = await import("./commands/pins.ts");
    await showPins({ flags, upstream }, io);
  });
  const diff = new Command("diff")
    .description("Connect, and show what is not as it was pinned; ends with 1 when something is not.")
    .argument("[server...]", "only these");
  addOptions(diff, { pins, ...serversOptions }).option(...json);
  diff.action(async (only: readonly string[], flags: Flags) => {
    const { diffPins } = await import("./commands/pins.ts");
    await diffPins({ flags, upstream, only }, io);
  });
  const approve = new Command("approve")
    .description("Connect, and pin what is offered now, whatever it was and whatever the scan says of it.")
    .argument("<server[.tool]>", "all that a server offers, or one tool or prompt of it");
  addOptions(approve, { pins, ...serversOptions }).option(...json);
  approve.action(async (target: string, flags: Flags) => {
    const { approve: run } = await import("./commands/pins.ts");
    await run({ flags, upstream, target }, io);
  });
  group.addCommand(show).addCommand(diff).addCommand(approve);
  return helpCommand(group);
}

/** `mcpo scan`: looks for hidden instructions in what the servers offer. */
export function scanCommand(io: Io, upstream: Upstream): Command {
  const scan = new Command("scan")
    .description("Connect once and show what may hide instructions; ends with 1 when something may.")
    .argument("[server...]", "only these");
  addOptions(scan, serversOptions).option(...json);
  return scan.action(async (only: readonly string[], flags: Flags) => {
    const { scan: run } = await import("./commands/scan.ts");
    await run({ flags, upstream, only }, io);
  });
}

/** `mcpo authorize`: gets access to a server, without a browser on this machine. */
export function authorizeCommand(io: Io): Command {
  const authorize = new Command("authorize")
    .description("Get access to a server with oauth by a person's consent, in a browser on any machine.")
    .argument("<server>", "the entry");
  const { config, env, envPath, tokenDirectory } = serversOptions;
  addOptions(authorize, { config, env, envPath, tokenDirectory });
  return authorize.action(async (server: string, flags: Flags) => {
    const { authorize: run } = await import("./commands/authorize.ts");
    await run({ flags, server }, io);
  });
}

/** `mcpo audit`: checks a log, and prints its head. */
export function auditCommand(io: Io): Command {
  const group = new Command("audit").description("Check an audit log, and print its head.");
  const verify = new Command("verify")
    .description("Check every line; ends with 1 at the first that is broken.")
    .argument("<file...>", "the log, and the files it was moved to when it was full, in any order")
    .option("--head <number:hash>", "a head that was kept elsewhere, which must be in the log")
    .option(...json)
    .action(async (files: readonly string[], flags: Flags) => {
      const { verify: run } = await import("./commands/audit.ts");
      await run(files, flags, io);
    });
  const head = new Command("head")
    .description("Print number and hash of the last line, to be kept elsewhere.")
    .argument("<file...>", "as for verify")
    .option(...json)
    .action(async (files: readonly string[], flags: Flags) => {
      const { head: run } = await import("./commands/audit.ts");
      await run(files, flags, io);
    });
  group.addCommand(verify).addCommand(head);
  return helpCommand(group);
}
