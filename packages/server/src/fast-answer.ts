import { joined } from "@parley/core";
import type { Stop } from "@parley/core";
import type { Caller } from "./auth.ts";
import { badResult, checkResult } from "./check-result.ts";
import type { FastRequest } from "./fast-request.ts";
import { isOpen } from "./is-open.ts";
import { serverInfo } from "./identity.ts";
import { listTtlMs } from "./lists.ts";
import { isInputRequired, isSdkError, serverInfoKey } from "./protocol-words.ts";
import { rpcFault } from "./rpc-fault.ts";
import type { Shared } from "./shared.ts";

/** Answers a request of the thin path with JSON text, equal to what the SDK would send. */
export interface FastAnswers {
  list(id: string | number): string;
  /** The list as a session gets it; nothing where the 2025 revisions have it otherwise. */
  listOfSession(id: string | number): string | undefined;
  call(request: FastRequest & { method: "tools/call" }, caller: Caller, stop: Stop): Promise<FastAnswer>;
}

/** JSON text and the HTTP status that belongs to it. */
interface FastAnswer {
  readonly status: number;
  readonly json: string;
}

export function createFastAnswers(shared: Shared): FastAnswers {
  const info = serverInfo(shared.identity);
  const meta = { [serverInfoKey]: info };
  const listTail = `,"resultType":"complete","ttlMs":${listTtlMs},"cacheScope":"private","_meta":${JSON.stringify(meta)}}`;
  let judged: { readonly tools: unknown; readonly isPlain: boolean } = { tools: undefined, isPlain: false };
  return {
    list: (id) => reply(id, "result", `{"tools":${shared.lists().toolsJson}${listTail}`),
    listOfSession(id) {
      const { tools, toolsJson } = shared.lists();
      if (tools !== judged.tools) judged = { tools, isPlain: tools.every(promisesObject) };
      return judged.isPlain ? reply(id, "result", `{"tools":${toolsJson}}`) : undefined;
    },
    async call({ id, name, args, _meta, capabilities }, caller, stop) {
      try {
        const came = await shared.calls.run({
          name,
          args,
          caller,
          stop,
          round: { era: "2026", capabilities },
          ...(_meta === undefined ? {} : { _meta }),
        });
        if (isInputRequired(came)) {
          return ok(reply(id, "result", JSON.stringify({ ...came, _meta: { ...meta, ...came._meta } })));
        }
        const checked = checkResult(came);
        const result = checked instanceof Promise ? await checked : checked;
        if (result === undefined) return ok(reply(id, "error", JSON.stringify(badResult)));
        const stamp = { resultType: "complete", _meta: joined(meta, result._meta ?? {}) };
        const stamped = joined(result, stamp);
        return ok(reply(id, "result", JSON.stringify(stamped)));
      } catch (thrown) {
        const { code, message, data } = rpcFault(thrown);
        const status = isSdkError(thrown, "MissingRequiredClientCapabilityError") ? 400 : 200;
        return { status, json: reply(id, "error", JSON.stringify({ code, message, data })) };
      }
    },
  };
}

/** Whether a tool's result is an object, as the 2025 revisions have it: others are listed with a wrapping of the SDK's. */
function promisesObject({ outputSchema }: Readonly<Record<string, unknown>>): boolean {
  return outputSchema === undefined || (isOpen(outputSchema) && outputSchema["type"] === "object");
}

function ok(json: string): FastAnswer {
  return { status: 200, json };
}

function reply(id: string | number, kind: "result" | "error", json: string): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"${kind}":${json}}`;
}
