import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execute, plainColors } from "@parley/cli";
import type { Io } from "@parley/cli";
import { onTestFinished } from "vitest";
import { createParleyProgram } from "../src/parley-program.ts";
import { fromSource, kill, scratch } from "./_process.ts";

const server = fileURLToPath(new URL("_plan-server.mjs", import.meta.url));

/** Arguments of node that run `parley` from source. */
export const parleySource = [
  ...fromSource.slice(0, -1),
  fileURLToPath(new URL("../src/parley-cli.ts", import.meta.url)),
];

/** A folder with files and the server `s.json`, and `parley` to run there: as a process, or within this one. */
export async function place(files: Readonly<Record<string, string>>) {
  const directory = await scratch();
  const at = (name: string): string => join(directory, name);
  const servers = { mcpServers: { s: { command: process.execPath, args: [server, directory] } } };
  for (const [name, text] of Object.entries({ ...files, "s.json": JSON.stringify(servers) }))
    await writeFile(at(name), text);
  const env = {
    PATH: process.env["PATH"],
    HOME: directory,
    NO_COLOR: "1",
    PARLEY_DATABASE: `json://${directory}/db`,
  };
  const start = (args: readonly string[]) => {
    const child = spawn(process.execPath, [...parleySource, ...args], { cwd: directory, env });
    const said = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
    onTestFinished(() => kill(child));
    child.stdin.end();
    const ended = once(child, "close").then(() => ({ code: child.exitCode, ...said }));
    return { child, said, ended };
  };
  return {
    directory,
    env,
    at,
    start,
    parley: (...args: string[]) => inside(args, { env, directory }),
    calls: async () =>
      existsSync(at("calls")) ? (await readFile(at("calls"), "utf8")).trim().split("\n") : [],
  };
}

/** Runs `parley` within this process; names of files in the folder stand for their paths. */
async function inside(
  args: readonly string[],
  {
    env,
    directory,
  }: { readonly env: Readonly<Record<string, string | undefined>>; readonly directory: string },
) {
  const said = { stdout: "", stderr: "" };
  const short = (text: string): string => `${text.replaceAll(`${directory}/`, "")}\n`;
  const io: Io = {
    out: (text) => void (said.stdout += short(text)),
    err: (text) => void (said.stderr += short(text)),
    env,
    interactive: false,
    width: 100,
    colors: plainColors,
    signal: new AbortController().signal,
  };
  const code = await execute(
    createParleyProgram(io),
    args.map((word) => (/^[\w-]+\.(?:yaml|json)$/.test(word) ? join(directory, word) : word)),
    io,
  );
  return { code, ...said };
}
