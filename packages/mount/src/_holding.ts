import { randomUUID } from "node:crypto";
import { ParleyError } from "@parley/core";
import type { HeldCall } from "./_held-call.ts";

/** Most calls held at once while their questions are answered. */
const maxHeld = 256;

/**
 * Calls that outlive a run of their handler: a server of the 2025 revisions waits for its answer inside the call, while a
 * question of ours ends the run.
 */
export interface Holding {
  /** @returns the ticket to find the call by in a later run */
  add(call: HeldCall): string;
  /** @throws `E_INPUT_EXPIRED` */
  get(ticket: string): HeldCall;
  /** Starts or stops the time after which a waiting call is ended. */
  wait(ticket: string, waiting: boolean): void;
  remove(ticket: string): void;
  close(): void;
}

interface Entry {
  readonly call: HeldCall;
  timer?: NodeJS.Timeout | undefined;
}

/** @param name - of the mount, for messages */
export function createHolding(name: string, ttlMs: number): Holding {
  const entries = new Map<string, Entry>();
  const remove = (ticket: string): void => {
    clearTimeout(entries.get(ticket)?.timer);
    entries.delete(ticket);
  };
  const expired = (): ParleyError =>
    new ParleyError(
      "E_INPUT_EXPIRED",
      `The call to ${name} that asked is no longer held: call the tool again.`,
    );
  const end = (ticket: string): void => {
    const held = entries.get(ticket)?.call;
    remove(ticket);
    held?.end(expired());
  };
  return {
    add(call) {
      const [oldest] = entries.keys();
      if (entries.size >= maxHeld && oldest !== undefined) end(oldest);
      const ticket = randomUUID();
      entries.set(ticket, { call });
      return ticket;
    },
    get(ticket) {
      const entry = entries.get(ticket);
      if (entry === undefined) throw expired();
      return entry.call;
    },
    wait(ticket, waiting) {
      const entry = entries.get(ticket);
      if (entry === undefined) return;
      clearTimeout(entry.timer);
      entry.timer = waiting ? setTimeout(() => end(ticket), ttlMs).unref() : undefined;
    },
    remove,
    close() {
      for (const ticket of entries.keys()) end(ticket);
    },
  };
}
