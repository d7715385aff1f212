import { randomBytes } from "node:crypto";
import type { RequestStateCodec, ServerContext } from "@modelcontextprotocol/server";
import { ParleyError } from "@parley/core";
import { z } from "zod";
import { rpcCode, RpcFault } from "./rpc-fault.ts";
import { loadSdk } from "./sdk.ts";

/** What travels through the client between two runs of one call: readable there, sealed against change. */
export const CallState = z.object({
  /** Digest of what the call is: caller, kind, name, arguments. */
  call: z.string(),
  /** Answers of earlier rounds, as the client sent them. */
  answers: z.record(z.string(), z.unknown()),
  /** Digests of the questions asked so far. */
  asked: z.record(z.string(), z.string()),
  /** Values of `once`. */
  kept: z.record(z.string(), z.unknown()),
});
export type CallState = z.infer<typeof CallState>;

/** Seals and opens the state of calls. */
export interface StateSeal {
  seal(state: CallState): Promise<string>;
  /** Rejects what was not sealed here, was changed, or has expired. */
  readonly open: (sealed: string, context: ServerContext) => Promise<unknown>;
}

/** Options of {@link createStateSeal}. */
export interface StateSealOptions {
  /** At least 32 bytes; default: random, one per process. */
  readonly key?: Uint8Array | string | undefined;
  /** Default 600: as long as a person may take to answer. */
  readonly ttlSeconds?: number | undefined;
}

/** Most that may travel. */
const maxStateBytes = 256 * 1024;

/** @throws `E_CONFIG_INVALID` for a key shorter than 32 bytes */
export function createStateSeal({ key, ttlSeconds }: StateSealOptions = {}): StateSeal {
  if (key !== undefined && Buffer.byteLength(key) < 32) {
    throw new ParleyError("E_CONFIG_INVALID", "inputKey is too short; pass at least 32 random bytes.");
  }
  const secret = key ?? randomBytes(32);
  const held: { codec?: RequestStateCodec<CallState> } = {};
  const codec = async (): Promise<RequestStateCodec<CallState>> => {
    const { createRequestStateCodec } = await loadSdk();
    return (held.codec ??= createRequestStateCodec<CallState>({
      key: secret,
      ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
    }));
  };
  return {
    async seal(state) {
      const sealed = await (await codec()).mint(state);
      if (sealed.length <= maxStateBytes) return sealed;
      throw new ParleyError(
        "E_TOOL_FAILED",
        `What a call keeps between its questions is over ${maxStateBytes} bytes; ask for less, or keep less with once().`,
      );
    },
    open: async (sealed, context) => await (await codec()).verify(sealed, context),
  };
}

/** The refusal of a state that is not this call's, worded as the SDK words those it refuses itself. */
export function invalidState(): RpcFault {
  return new RpcFault(rpcCode.invalidParams, "Invalid or expired requestState", {
    reason: "invalid_request_state",
  });
}
