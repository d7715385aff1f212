import { basename } from "node:path";
import type { StdioConnection } from "../config/gateway-config.ts";

/** What to install for programs that start others, by the program's name. */
const remedies: Readonly<Record<string, string>> = {
  bun: "Bun",
  bunx: "Bun, which brings it",
  deno: "Deno",
  docker: "Docker, or podman with its docker command",
  node: "Node.js 20 or newer",
  npm: "Node.js 20 or newer, which brings it",
  npx: "Node.js 20 or newer, which brings it",
  python: "Python 3.10 or newer",
  python3: "Python 3.10 or newer",
  uvx: "uv, which brings it",
};

function missing(program: string): string {
  const what = remedies[basename(program)] ?? basename(program);
  return `${program} is missing: install ${what}, or put its folder on the PATH of the gateway`;
}

/** How programs say that something they need is not there, and what to do about it. */
const signs: readonly (readonly [RegExp, (found: string, connection: StdioConnection) => string])[] = [
  [/\benv: ['‘"]?([^\s'’":]+)['’"]?: No such file or directory/, missing],
  [/\b(?:ba|da|z)?sh: (?:(?:line )?\d+: )?([^\s:]+): (?:command )?not found/, missing],
  [
    /ModuleNotFoundError: No module named '([\w.-]+)'/,
    (name, { command }) =>
      `the Python module ${name} is missing: install it where ${command} finds it, in the same virtual environment`,
  ],
  [
    /Cannot find (?:package|module) '([^']{1,200})'/,
    (name) => `${name} is missing: run npm install where the program is, or correct its path`,
  ],
  [
    /did not answer (the handshake) within/,
    (_found, { command }) =>
      `${command} started and says nothing: see its lines in the log, or give it more time with "startTimeout" in its entry`,
  ],
  [
    /npm (?:error|ERR!) code (E404|ETARGET)/,
    () => "the registry has no such package: check its name and version",
  ],
  [
    /npm (?:error|ERR!) code (ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT)/,
    () => "the package registry cannot be reached: run mcpo warm while it can, or install the package",
  ],
  [
    /(?:error sending request for url|Failed to fetch): ?\W?(\S+)/,
    () => "the package index cannot be reached: run mcpo warm while it can, or install the package",
  ],
];

/**
 * What is missing on this machine, when a program could not start for that reason.
 * @param lines - what it wrote last to its standard error, and how it ended; untrusted, and quoted in parts only
 */
export function explainStart(
  connection: StdioConnection,
  { code, lines }: { readonly code: string | undefined; readonly lines: readonly string[] },
): string | undefined {
  if (code === "E_EXEC_NOT_FOUND") {
    const { command, cwd } = connection;
    return cwd === undefined ? missing(command) : `${missing(command)}, and see that ${cwd} is a folder`;
  }
  for (const [pattern, say] of signs) {
    for (const line of lines.toReversed()) {
      const found = pattern.exec(line)?.[1];
      if (found !== undefined) return say(found, connection);
    }
  }
  return undefined;
}
