import { openHttpCaller } from "../gateway/http-caller.ts";
import { childrenOf } from "../gateway/program.ts";
import { echoStdio, key, startConfigured } from "../gateway/subject.ts";
import { modernWire, restWire, sessionWire } from "../gateway/wires.ts";
import type { Wire } from "../gateway/wires.ts";
import type { SoakReport } from "./report.ts";

const configOf = (round: number) => ({
  mcpServers: {
    same: echoStdio(),
    changed: { ...echoStdio(), env: { ROUND: String(round) } },
    ...(round % 2 === 0 ? { sometimes: echoStdio("--modern") } : {}),
  },
  keys: { soak: { key } },
});

const ways: readonly (readonly [path: string, wire: Wire, tool: string])[] = [
  ["/same/echo", restWire, "echo"],
  ["/changed/echo", restWire, "echo"],
  ["/mcp", sessionWire, "changed_echo"],
  ["/mcp", modernWire, "changed_echo"],
];

/** Reloads while calls run: each changes one server, adds or removes another and leaves a third; no call may fail. */
export async function reloadUnderLoad(reloads: number): Promise<SoakReport> {
  const gateway = await startConfigured(configOf(0));
  const over = new AbortController();
  const failed: string[] = [];
  let calls = 0;
  const calling = ways.map(async ([path, wire, tool], index) => {
    const url = new URL(path, gateway.url);
    const request = await wire(url, tool, key);
    const caller = await openHttpCaller(url);
    for (let call = 0; !over.signal.aborted; call += 1) {
      const id = String(1_000_000 + index * 2_000_000 + (call % 1_000_000));
      const { status, body } = await caller.call(request, id);
      calls += 1;
      if (status !== 200 || !body.includes(id)) failed.push(`${path}: HTTP ${status}: ${body.slice(0, 300)}`);
    }
    caller.close();
  });
  for (let round = 1; round <= reloads; round += 1) {
    const { changed } = await gateway.reload(configOf(round));
    if (!changed.includes("changed")) failed.push(`reload ${round} changed nothing`);
  }
  over.abort();
  await Promise.all(calling);
  const left = (await settledChildren(gateway.pid, reloads % 2 === 0 ? 3 : 2)).length;
  await gateway.close();
  return {
    facts: {
      reloads,
      callsDuringReloads: calls,
      failedDuringReloads: failed.length,
      programsAfterReloads: left,
    },
    failures: [
      ...failed.slice(0, 5),
      ...(left > 3 ? [`${left} programs run after the reloads, in place of three at most`] : []),
    ],
  };
}

/** Programs that were replaced end when their last call has. */
async function settledChildren(pid: number, wanted: number): Promise<readonly number[]> {
  for (let tries = 0; ; tries += 1) {
    const found = await childrenOf(pid);
    if (found.length <= wanted || tries > 100) return found;
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
}
