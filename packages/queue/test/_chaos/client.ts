import { connect } from "node:net";
import { createInterface } from "node:readline";

/** A call over a broker's socket; rejects when the connection is cut, which leaves open what happened. */
export type Call = (method: string, ...args: readonly unknown[]) => Promise<unknown>;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Answer {
  readonly n: number;
  readonly value?: unknown;
  readonly error?: string | undefined;
}

/** A connection that is made anew whenever it was cut. */
export function createClient(socket: string): { call: Call; close(): void } {
  const pending = new Map<number, Pending>();
  let link: ReturnType<typeof connect> | undefined;
  let last = 0;
  const cut = (): void => {
    link = undefined;
    for (const { reject } of pending.values()) reject(new Error("cut"));
    pending.clear();
  };
  const dial = (): ReturnType<typeof connect> => {
    const made = connect(socket);
    made.on("error", () => {});
    made.on("close", cut);
    createInterface({ input: made })
      .on("error", () => {})
      .on("line", (line) => {
        const answer: Answer = JSON.parse(line);
        const call = pending.get(answer.n);
        pending.delete(answer.n);
        if (answer.error === undefined) call?.resolve(answer.value);
        else call?.reject(new Error(answer.error));
      });
    return made;
  };
  return {
    call: (method, ...args) =>
      new Promise((resolve, reject) => {
        link ??= dial();
        last += 1;
        pending.set(last, { resolve, reject });
        link.write(`${JSON.stringify({ n: last, method, args })}\n`);
      }),
    close: () => link?.destroy(),
  };
}
