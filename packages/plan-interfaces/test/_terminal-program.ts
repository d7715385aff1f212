// Shows a run in the terminal it is started in, asks twice, and says what was answered.
import { openTerminalInterface } from "@parley/plan-interfaces/terminal";
import { question, tellBeginning, tellEnd } from "./_plan.ts";

const stopping = new AbortController();
const shown = openTerminalInterface({
  stdin: process.stdin,
  stdout: process.stdout,
  onInterrupt: () => stopping.abort(),
});
tellBeginning(shown);
const { signal } = stopping;
const answers = await Promise.all([
  shown.ask(question, { signal }),
  shown.ask({ id: "check.ask", runId: "run-1", step: "check", text: "Which host?" }, { signal }),
]).catch((error: Error) => [error.message]);
tellEnd(shown);
await shown.close();
console.log(`answers: ${answers.join(" / ")}`);
// The terminal is left as it was found only when nothing is in raw mode any more.
console.log(`raw: ${String(process.stdin.isRaw)}`);
