import { randomBytes } from "node:crypto";
import type { Io, OptionValues } from "@parley/cli";
import { ParleyError } from "@parley/core";
import { readAnswers } from "@parley/plans";
import type { PlanInterface } from "@parley/plans";
import type { runOptions } from "../parley-options.ts";
import { openInterface } from "./interface.ts";

type Settings = OptionValues<typeof runOptions>;

/** What `parley run` shows a run with: lines, cards in a terminal, or a page. */
export async function openRunInterface(settings: Settings, io: Io): Promise<PlanInterface> {
  const { ui, json } = settings;
  if (ui === "cli") return await openInterface(settings, io);
  if (json) {
    throw new ParleyError("E_CONFIG_INVALID", `--json prints documents for programs: leave out --ui ${ui}.`);
  }
  const answers = settings.answers === undefined ? undefined : await readAnswers(settings.answers);
  const live = ui === "tui" ? await openTerminal(io) : await openPage(settings, io);
  if (answers === undefined) return live;
  return { ...live, ask: async (question, how) => answers.take(question) ?? (await live.ask(question, how)) };
}

async function openTerminal(io: Io): Promise<PlanInterface> {
  const { openTerminalInterface } = await import("@parley/plan-interfaces/terminal").catch(explainMissing);
  return openTerminalInterface({
    stdin: process.stdin,
    stdout: process.stderr.isTTY && !process.stdout.isTTY ? process.stderr : process.stdout,
    colour: io.colors.isColorSupported,
    // As if the terminal had sent it: whatever ends a run then ends this one.
    onInterrupt: () => process.kill(process.pid, "SIGINT"),
  });
}

function explainMissing(cause: unknown): never {
  const missing = cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND";
  if (!missing) throw cause;
  throw new ParleyError(
    "E_CONFIG_INVALID",
    "The terminal interface is not installed: run npm install ink@6 react@19, or use --ui cli.",
    { cause },
  );
}

async function openPage({ uiHost: host, uiPort: port }: Settings, io: Io): Promise<PlanInterface> {
  const { openWebInterface } = await import("@parley/plan-interfaces/web");
  const page = await openWebInterface({ token: randomBytes(32).toString("base64url"), host, port });
  io.err(`The run is shown at ${page.url}`);
  return page;
}
