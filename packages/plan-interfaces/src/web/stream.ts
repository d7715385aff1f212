import type { ServerResponse } from "node:http";
import type { BookView } from "../view.ts";
import { changesBetween } from "./changes.ts";

/** Between two messages to one browser at the least: people read no faster. */
const paceMs = 100;
const keepAliveMs = 15_000;

/** A browser that follows a run. */
export interface Follower {
  /** Something changed. */
  touch(): void;
  /** Tells what is untold, and ends. */
  end(): void;
}

/** Sends a view, and then what changes in it; to a slow reader less often. */
export function follow(response: ServerResponse, view: () => BookView): Follower {
  let told: BookView | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isFull = false;
  const tell = (): void => {
    timer = undefined;
    if (isFull || response.destroyed) return;
    const next = view();
    const change = changesBetween(told, next);
    told = next;
    isFull = !response.write(`data: ${JSON.stringify(change)}\n\n`);
  };
  const touch = (): void => {
    timer ??= setTimeout(tell, paceMs);
  };
  response.on("drain", () => {
    isFull = false;
    touch();
  });
  const keepAlive = setInterval(() => response.write(":\n\n"), keepAliveMs);
  response.once("close", () => {
    clearInterval(keepAlive);
    clearTimeout(timer);
  });
  response.on("error", () => response.destroy());
  tell();
  return {
    touch,
    end() {
      clearTimeout(timer);
      isFull = false;
      tell();
      response.end("event: end\ndata: {}\n\n");
    },
  };
}
