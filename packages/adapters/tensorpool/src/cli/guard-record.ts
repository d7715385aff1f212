import type { ParleyError } from "@parley/core";
import { createHash, timingSafeEqual } from "node:crypto";
import type { EngineFault } from "../engine-fault.ts";
import type { Fetch } from "../options.ts";

/** Options of a guard. */
export interface GuardOptions {
  readonly engine: string;
  /** The real key; it never leaves this process but towards the engine. */
  readonly key: string;
  /** What the program calls its key. */
  readonly token: string;
  readonly allowCommands: boolean;
  readonly fetch?: Fetch | undefined;
  readonly signal: AbortSignal;
  onMessage(message: string): void;
}

/** What passed through a guard. */
export interface GuardRecord {
  /** The engine's answers, laid over each other. */
  data: Record<string, unknown>;
  /** The last answer that was a fault. */
  fault?: EngineFault | undefined;
  /** Shell lines that were held back. */
  readonly refused: string[];
  /** Why a list of files was held back. */
  withheld?: ParleyError | undefined;
  /** The last status of a stream. */
  status?: "success" | "error" | undefined;
}

/** Whether a word is the call's token, in constant time. */
export function isToken(given: unknown, token: string): boolean {
  return typeof given === "string" && timingSafeEqual(digest(given), digest(token));
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
