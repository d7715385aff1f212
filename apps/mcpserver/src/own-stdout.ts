import { Console } from "node:console";
import { Writable } from "node:stream";

/**
 * Keeps standard output for the protocol: whatever else this process prints there, `console.log` of a loaded tool
 * included, goes to standard error from now on.
 * @returns what the protocol writes to.
 */
export function ownStdout(streams: Pick<NodeJS.Process, "stdout" | "stderr"> = process): Writable {
  const { stdout, stderr } = streams;
  const write = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
  globalThis.console = new Console({ stdout: stderr, stderr });
  return new Writable({
    decodeStrings: false,
    write: (chunk: string | Uint8Array, _encoding, done) => void write(chunk, done),
  });
}
