// config.json is thirteen servers as a site runs them. Here each has a stand-in, found by the same file: variables say where.
// With --stay it goes on at port 25530, for the curl lines of README.md.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { on, once } from "node:events";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { surroundings } from "./surroundings.ts";

const require = createRequire(import.meta.url);
const bin = join(dirname(require.resolve("@parley/proxy/package.json")), "bin", "mcpo.js");
const stays = process.argv.includes("--stay");
const lines: string[] = [];

async function listening({ stderr }: ChildProcess): Promise<string> {
  if (stderr === null) throw new Error("mcpo has no standard error.");
  const reader = createInterface(stderr).on("line", (line) => lines.push(line));
  for await (const [line] of on(reader, "line", { close: ["close"] })) {
    const url = / at (http:\S+);/.exec(String(line))?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`mcpo ended: ${lines.join("\n")}`);
}

interface Health {
  readonly ready: number;
  readonly total: number;
  readonly servers: Readonly<Record<string, string>>;
}

/** Waits until twelve are ready and the one that is away has been tried. */
async function settled(base: string): Promise<Health> {
  for (;;) {
    const health = (await (await fetch(`${base}/health`)).json()) as Health;
    if (health.ready === 12 && health.servers["korax"] === "unreachable") return health;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function ask(base: string, path: string, body: string | undefined): Promise<string> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${base}${path}`, body === undefined ? {} : { method: "POST", headers, body });
  return await response.text();
}

/** Each curl line of README.md with what it says is answered. */
async function curlLines() {
  const readme = await readFile(join(import.meta.dirname, "README.md"), "utf8");
  const found = readme.matchAll(
    /curl -s http:\/\/localhost:25530(\S+)(?: -H 'content-type: application\/json' -d '([^']*)')?\n```\n\n```\n([^`]*)\n```/g,
  );
  return Array.from(found, ([, path = "", body, answer = ""]) => ({ path, body, answer }));
}

const { env, end } = await surroundings();
const argv = [bin, "--config", join(import.meta.dirname, "config.json"), "--port", stays ? "25530" : "0"];
const gateway = spawn(process.execPath, argv, { env, stdio: ["ignore", "inherit", "pipe"] });
const ended = once(gateway, "exit");
try {
  const base = await listening(gateway);
  // The probe of the deployment: it answers before any server does.
  assert.equal((await fetch(`${base}/docs`)).status, 200);
  const { ready, total, servers } = await settled(base);
  console.log(`${ready} of ${total} servers are ready; korax is ${servers["korax"]}`);
  assert.equal(total, 13);

  const tried = await curlLines();
  assert.ok(tried.length >= 4, "README.md has its curl lines");
  for (const { path, body, answer } of tried) {
    const said = await ask(base, path, body);
    console.log(`${path}: ${said}`);
    assert.equal(said, answer);
  }
  const others = new Set(["time", "upstash-context7", "korax"]);
  for (const name of Object.keys(servers).filter((each) => !others.has(each))) {
    const said = await ask(base, `/${name}/ask`, '{"question": "Who are you?"}');
    assert.equal(said, JSON.stringify(`${name} heard "Who are you?"`));
  }

  const document = await ask(base, "/openapi.json", undefined);
  const all = Object.keys((JSON.parse(document) as { paths: object }).paths);
  // The others are for calls that wait or go on.
  const paths = all.filter((path) => !path.startsWith("/-/"));
  console.log(`${paths.length} tools in one document`);
  assert.equal(paths.length, 12);
  assert.doesNotMatch([document, await ask(base, "/servers", undefined), ...lines].join("\n"), /-secret/);
  if (stays) {
    console.log(`It goes on at ${base}, until Ctrl-C.`);
    await once(process, "SIGINT");
  }
} finally {
  gateway.kill("SIGTERM");
  await ended;
  await end();
}
