import { execute, plainColors } from "@parley/cli";
import { createProgram } from "@parley/mcpserver";

/** What `mcpserver tools export` prints, run in this process. */
export async function exportFrom(args: readonly string[]): Promise<unknown> {
  const { code, printed, said } = await runExport(args);
  if (code !== 0) throw new Error(`exit ${code}: ${said}`);
  return JSON.parse(printed);
}

/** How `mcpserver tools export` ends, run in this process. */
export async function runExport(args: readonly string[]) {
  const printed: string[] = [];
  const said: string[] = [];
  const io = {
    out: (text: string) => void printed.push(text),
    err: (text: string) => void said.push(text),
    env: {},
    interactive: false,
    width: 80,
    colors: plainColors,
    signal: new AbortController().signal,
  };
  const code = await execute(createProgram(io), ["tools", "export", ...args], io);
  return { code, printed: printed.join("\n"), said: said.join("\n") };
}
