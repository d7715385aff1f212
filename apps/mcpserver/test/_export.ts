import { execute, plainColors } from "@parley/cli";
import { createProgram } from "@parley/mcpserver";

/** What `mcpserver tools export` prints, run in this process. */
export async function exportFrom(args: readonly string[]): Promise<unknown> {
  const printed: string[] = [];
  const io = {
    out: (text: string) => void printed.push(text),
    err: (text: string) => void printed.push(text),
    env: {},
    interactive: false,
    width: 80,
    colors: plainColors,
    signal: new AbortController().signal,
  };
  const code = await execute(createProgram(io), ["tools", "export", ...args], io);
  if (code !== 0) throw new Error(`exit ${code}: ${printed.join("\n")}`);
  return JSON.parse(printed.join("\n"));
}
