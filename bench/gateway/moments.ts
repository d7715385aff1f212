import { quantile } from "../harness.ts";
import { openHttpCaller } from "./http-caller.ts";
import { echoStdio, key, startGateway } from "./subject.ts";

const servers = 20;

/** Milliseconds until twenty servers are ready, the slowest of which keeps silent for a while, over that one alone. */
export async function measureStart(
  slowestMs: number,
): Promise<{ readonly listeningMs: number; readonly ratio: number }> {
  const slow = { slow: echoStdio("--wait-ms", String(slowestMs)) };
  const alone = await startGateway(slow);
  await alone.close();
  const quick = Array.from({ length: servers - 1 }, (_, index) => [`quick${index}`, echoStdio()] as const);
  const all = await startGateway({ ...slow, ...Object.fromEntries(quick) });
  await all.close();
  if (all.ready !== servers) throw new Error(`${all.ready} of ${servers} servers became ready`);
  return { listeningMs: all.listeningMs, ratio: all.readyMs / alone.readyMs };
}

/** Milliseconds from the death of a child to the answer of the next call, the median of some. */
export async function measureRecovery(rounds: number): Promise<number> {
  const gateway = await startGateway({ echo: echoStdio() });
  const caller = await openHttpCaller(new URL(gateway.url));
  const call = async (tool: string, args: object): Promise<string> => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${key}` };
    const { status, body } = await caller.call(
      { path: `/echo/${tool}`, headers, body: JSON.stringify(args) },
      "",
    );
    if (status !== 200) throw new Error(`HTTP ${status}: ${body}`);
    return body;
  };
  const took: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    process.kill(Number(await call("pid", {})), "SIGKILL");
    const startedAt = performance.now();
    await call("echo", { text: "again" });
    took.push(performance.now() - startedAt);
  }
  caller.close();
  await gateway.close();
  return quantile(took, 0.5);
}
