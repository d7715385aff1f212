import type { Server } from "node:http";
import type { Socket } from "node:net";

/** Ends connections that would keep a closing server waiting. */
export interface Connections {
  /** Ends those that never carried a request now, and whatever is left after `graceMs`. */
  end(graceMs: number): void;
}

/** Node counts a connection without a first request as busy: clients that connect ahead would hold up `close`. */
export function watchConnections(server: Server): Connections {
  const unused = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    unused.add(socket);
    socket.once("close", () => unused.delete(socket));
  });
  server.on("request", ({ socket }) => unused.delete(socket));
  return {
    end(graceMs) {
      for (const socket of unused) socket.destroy();
      const timer = setTimeout(() => server.closeAllConnections(), graceMs);
      server.once("close", () => clearTimeout(timer));
    },
  };
}
