import { openHttpCaller } from "../gateway/http-caller.ts";
import { childrenOf } from "../gateway/program.ts";
import { echoStdio, key, startGateway } from "../gateway/subject.ts";
import { sessionWire } from "../gateway/wires.ts";
import type { SoakReport } from "./report.ts";

const laps = 10;
const atOnce = 16;
/** What resident memory may grow over the second half, in MB. */
const growthMb = 20;

/** Sessions that are opened, used once and never ended: neither memory nor processes may grow with them. */
export async function abandonSessions(sessions: number): Promise<SoakReport> {
  const gateway = await startGateway({ echo: echoStdio() });
  const url = new URL("/mcp", gateway.url);
  const before = (await childrenOf(gateway.pid)).length;
  const open = async (index: number): Promise<void> => {
    const request = await sessionWire(url, "echo_echo", key);
    const caller = await openHttpCaller(url);
    const { status, body } = await caller.call(request, String(1_000_000 + index));
    caller.close();
    if (status !== 200) throw new Error(`HTTP ${status}: ${body.slice(0, 300)}`);
  };
  const memory: { readonly rssMb: number; readonly heapMb: number }[] = [];
  for (let lap = 0; lap < laps; lap += 1) {
    let left = Math.ceil(sessions / laps);
    const work = async (): Promise<void> => {
      while (left > 0) await open((left -= 1));
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    memory.push(await gateway.memory());
  }
  const after = (await childrenOf(gateway.pid)).length;
  await gateway.close();
  const middle = memory[laps / 2]?.rssMb ?? 0;
  const grown = (memory.at(-1)?.rssMb ?? 0) - middle;
  return {
    facts: { abandonedSessions: sessions, memory, programsBefore: before, programsAfter: after },
    failures: [
      ...(grown > growthMb ? [`resident memory grew by ${grown.toFixed(0)} MB over the second half`] : []),
      ...(after > before ? [`${after} programs run in place of ${before}`] : []),
    ],
  };
}
