import { inspect } from "node:util";
import { breakHttp, fuzz } from "../../packages/server/test/_fuzz/run.ts";
import { openTarget } from "../../packages/server/test/_fuzz/target.ts";
import type { SoakReport } from "./report.ts";

/** Generated requests against a server with everything on, without and with a token asked for. */
export async function soakFuzz(requests = 40_000): Promise<SoakReport> {
  const failures: string[] = [];
  const seed = Date.now() % 2 ** 31;
  for (const guarded of [false, true]) {
    const target = await openTarget({ guarded });
    try {
      failures.push(...(await breakHttp(target)));
      await fuzz({ target, requests: guarded ? requests / 10 : requests, seed });
    } catch (error) {
      failures.push(error instanceof Error ? `${error.message}\n${inspect(error.cause)}` : String(error));
    } finally {
      await target.close();
    }
  }
  return { facts: { requests: requests * 1.1, seed }, failures };
}
