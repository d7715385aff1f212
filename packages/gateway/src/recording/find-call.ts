import { canonicalJson, ParleyError } from "@parley/core";
import type { JsonObject } from "@parley/mcp-client";
import { isRecord } from "../record.ts";
import type { Mask } from "./mask.ts";
import type { RecordedCall, ServerRecording } from "./read-recording.ts";

/** Finds the recorded call that a call is. */
export interface CallFinder {
  /**
   * The one with the same method and arguments; of several the next, and the last of them from then on.
   * @throws `E_REPLAY_UNKNOWN` naming the nearest
   */
  find(method: string, params: JsonObject): RecordedCall;
}

/** @param mask - what the recording was masked with, as far as it is known without the secrets themselves */
export function createCallFinder({ name, calls }: ServerRecording, mask: Mask): CallFinder {
  const found = new Map<string, RecordedCall[]>();
  for (const call of calls) {
    const key = keyOf(call.method, call.params);
    found.set(key, [...(found.get(key) ?? []), call]);
  }
  return {
    find(method, params) {
      const shown = mask.value(params);
      const wanted = isRecord(shown) ? shown : {};
      const same = found.get(keyOf(method, wanted));
      const next = same === undefined || same.length < 2 ? same?.[0] : same.shift();
      if (next !== undefined) return next;
      throw unknown(name, { method, params: wanted, calls });
    },
  };
}

function keyOf(method: string, params: JsonObject): string {
  return canonicalJson([method, params]);
}

interface Missing {
  readonly method: string;
  readonly params: JsonObject;
  readonly calls: readonly RecordedCall[];
}

/** Names of arguments said to differ. */
const maxNames = 5;

function unknown(server: string, missing: Missing): ParleyError {
  const { method, params, calls } = missing;
  const what = nameOf(params);
  const shown = `${server}.${what === undefined ? method : what.slice(0, 200)}`;
  const alike = calls.filter((call) => call.method === method && nameOf(call.params) === what);
  const [nearest] = alike
    .map((call) => ({ line: call.line, differing: differences(call.params, params) }))
    .toSorted((left, right) => left.differing.length - right.differing.length || left.line - right.line);
  if (nearest === undefined) {
    const others = [...new Set(calls.map((call) => nameOf(call.params) ?? call.method))].slice(0, maxNames);
    const rest =
      others.length === 0 ? "it holds none of this server" : `of this server it holds ${others.join(", ")}`;
    return new ParleyError("E_REPLAY_UNKNOWN", `The recording holds no call of ${shown}; ${rest}.`);
  }
  const { line, differing } = nearest;
  const names = differing.slice(0, maxNames).join(", ");
  return new ParleyError(
    "E_REPLAY_UNKNOWN",
    `The recording holds no call of ${shown} with these arguments; the nearest, on line ${line}, differs in ${names}.`,
    { details: { line, differing: differing.slice(0, maxNames) } },
  );
}

function nameOf({ name, uri }: JsonObject): string | undefined {
  if (typeof name === "string") return name;
  return typeof uri === "string" ? uri : undefined;
}

/** Names of the arguments that are not the same. */
function differences(recorded: JsonObject, wanted: JsonObject): readonly string[] {
  const before = isRecord(recorded["arguments"]) ? recorded["arguments"] : recorded;
  const after = isRecord(wanted["arguments"]) ? wanted["arguments"] : wanted;
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const differing = names.filter((name) => canonicalJson(before[name]) !== canonicalJson(after[name]));
  return differing.length === 0 ? ["what follows the arguments"] : differing;
}
