import { connect } from "node:net";

/** What is written to a socket, and how the client behaves meanwhile. */
export interface Sending {
  readonly pieces: readonly (string | Buffer)[];
  /** Between two pieces; default 0. */
  readonly pauseMs?: number | undefined;
  /** `end` closes the client's half after the last piece, `drop` resets the connection; default: waits. */
  readonly after?: "wait" | "end" | "drop" | undefined;
}

/** How a server took it. */
export interface Reception {
  readonly statuses: readonly number[];
  /** The first bytes, as text. */
  readonly text: string;
  /** `open`: answered, and kept for more. `hung`: neither answered nor closed in time. */
  readonly how: "closed" | "open" | "dropped" | "hung";
}

const patienceMs = 10_000;
const quietMs = 60;
const mostKept = 200_000;

/** Sends bytes as they are and waits until the server has answered or closed. */
export function send(port: number, { pieces, pauseMs = 0, after = "wait" }: Sending): Promise<Reception> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    let quiet: NodeJS.Timeout | undefined;
    const settle = (how: Reception["how"]): void => {
      clearTimeout(quiet);
      clearTimeout(tooLong);
      socket.destroy();
      resolve({ statuses: statusesOf(text), text, how });
    };
    const tooLong = setTimeout(() => settle("hung"), patienceMs);
    socket.on("error", () => undefined);
    socket.on("close", () => settle(after === "drop" ? "dropped" : "closed"));
    socket.on("data", (chunk: Buffer) => {
      if (text.length < mostKept) text += chunk.toString("latin1");
      clearTimeout(quiet);
      // A stream stays open once its head is there.
      if (/\r\n\r\n/.test(text)) quiet = setTimeout(() => settle("open"), quietMs);
    });
    void write(0);

    async function write(index: number): Promise<void> {
      for (const piece of pieces.slice(index)) {
        if (socket.destroyed) return;
        socket.write(piece);
        if (pauseMs > 0) await new Promise((done) => setTimeout(done, pauseMs));
      }
      if (after === "end") socket.end();
      if (after === "drop") setImmediate(() => socket.resetAndDestroy());
    }
  });
}

function statusesOf(text: string): number[] {
  return Array.from(text.matchAll(/HTTP\/1\.1 (\d{3})/g), ([, status]) => Number(status)).filter(
    (status) => status !== 100,
  );
}
