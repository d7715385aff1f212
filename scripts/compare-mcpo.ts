// Sends the same requests to mcpo and to ours and writes docs/mcpo-side-by-side.md; `--check` compares and writes nothing.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mcpoProgram } from "../bench/gateway/peers.ts";
import { eventually, freePort, startProgram } from "../bench/gateway/program.ts";
import { compare } from "./compare-mcpo/compare.ts";
import { comparisonPage } from "./compare-mcpo/page.ts";
import { requests } from "./compare-mcpo/requests.ts";
import type { Reply, Request } from "./compare-mcpo/requests.ts";

const page = fileURLToPath(new URL("../docs/mcpo-side-by-side.md", import.meta.url));
const bin = fileURLToPath(new URL("../apps/proxy/bin/mcpo.js", import.meta.url));
const server = fileURLToPath(new URL("compare-mcpo/server.mjs", import.meta.url));
const key = "the-right-key";
const patienceMs = 20_000;

const config = {
  mcpServers: { parts: { command: process.execPath, args: [server], disabledTools: ["hidden"] } },
};

/** Runs a program with the file and sends it every request. */
async function answersOf(words: readonly string[], file: string): Promise<readonly Reply[]> {
  const port = await freePort();
  const flags = ["--host", "127.0.0.1", "--port", String(port), "--config", file, "--api-key", key];
  const program = startProgram([...words, ...flags]);
  const origin = `http://127.0.0.1:${port}`;
  try {
    await eventually(async () => {
      const { status, text } = await send(origin, { says: "", path: "/parts/echo", body: { text: "ready" } });
      if (status !== 200) throw new Error(`HTTP ${status}: ${text}\n${program.said()}`);
    });
    const replies: Reply[] = [];
    for (const request of requests) replies.push(await send(origin, request));
    return replies;
  } finally {
    await program.close();
  }
}

async function send(
  origin: string,
  { method = "POST", path, body, key: which = "right" }: Request,
): Promise<Reply> {
  const authorization = { right: `Bearer ${key}`, wrong: "Bearer another-key", none: undefined }[which];
  const answer = await fetch(`${origin}${path}`, {
    method,
    headers: {
      ...(authorization === undefined ? {} : { authorization }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(patienceMs),
  });
  return { status: answer.status, text: await answer.text() };
}

const nothing: Reply = { status: 0, text: "" };

async function run(theirs: readonly string[]): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), "parley-compare-"));
  try {
    const file = join(directory, "config.json");
    await writeFile(file, JSON.stringify(config));
    const [one, other] = [await answersOf(theirs, file), await answersOf([process.execPath, bin], file)];
    const comparisons = requests.map((request, index) =>
      compare(request, one[index] ?? nothing, other[index] ?? nothing),
    );
    const faults = comparisons.filter(({ verdict }) => !["same", "better"].includes(verdict));
    for (const { request, theirs: left, ours: right, verdict } of faults) {
      console.error(
        `${request.says}: ${verdict}\n  mcpo: ${left.status} ${left.text}\n  ours: ${right.status} ${right.text}`,
      );
    }
    const written = await comparisonPage(comparisons, "mcpo 0.0.20");
    if (!process.argv.includes("--check")) await writeFile(page, written);
    else if ((await readFile(page, "utf8")) !== written)
      console.error(`${page} is not what was found: run it without --check.`);
    console.log(`${comparisons.length} requests, ${faults.length} faults.`);
    return faults.length === 0 ? 0 : 1;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const program = await mcpoProgram();
process.exitCode = program === undefined ? 0 : await run(program);
