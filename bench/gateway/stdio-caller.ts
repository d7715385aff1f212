import { spawn } from "node:child_process";

/** A program spoken to directly over its standard streams. */
export interface StdioCaller {
  readonly pid: number;
  call(method: string, params: object): Promise<string>;
  close(): void;
}

export function openStdioCaller(args: readonly string[]): StdioCaller {
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const waiting = new Map<number, (line: string) => void>();
  let rest = "";
  let lastId = 0;
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const id = Number(/"id":(\d+)/.exec(line)?.[1]);
      waiting.get(id)?.(line);
      waiting.delete(id);
    }
  });
  return {
    pid: child.pid ?? 0,
    call: (method, params) =>
      new Promise((resolve) => {
        const id = (lastId += 1);
        waiting.set(id, resolve);
        child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
      }),
    close: () => void child.kill("SIGKILL"),
  };
}
