import { appendFileSync, closeSync, openSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { ParleyError } from "@parley/core";
import { createMask, createRecorder, createReplay, readRecording, secretsOf } from "@parley/gateway";
import { configuredSource } from "./source.ts";
import type { OpenSource } from "./source.ts";
import { version } from "./version.ts";

/** Where a recording goes. */
export interface RecordingFile {
  readonly path: string;
  /** Whether a file that is there is written over. */
  readonly overwrite: boolean;
}

/**
 * The configured servers, each exchange with which is written down at once: what a crash leaves is a recording too.
 * @throws `E_CONFIG_INVALID` for a file that is there or cannot be made
 */
export function recordedSource(file: RecordingFile): OpenSource {
  return async (settings, io) => {
    const source = await configuredSource(settings, io);
    const { servers, keys } = source.found;
    const target = openFile(file);
    const own = settings.key === undefined ? [] : [settings.key];
    const mask = createMask([...secretsOf(servers, keys), ...own]);
    let isBroken = false;
    const { wrapClient } = createRecorder({
      servers,
      mask,
      by: `mcpo ${version}`,
      onFull: (reason) => io.err(reason),
      write(line) {
        if (isBroken) return;
        try {
          appendFileSync(target, line);
        } catch (error) {
          isBroken = true;
          io.err(`${file.path}: nothing more is recorded, for it cannot be written (${codeOf(error)}).`);
        }
      },
    });
    return {
      ...source,
      wrapClient,
      // Its first line names the servers: one that came later would belong to no line.
      follows: false,
      notices: [`Recording to ${file.path}.`],
      close() {
        // A number that is closed may be another file's next.
        isBroken = true;
        closeSync(target);
      },
    };
  };
}

function openFile({ path, overwrite }: RecordingFile): number {
  try {
    return openSync(path, overwrite ? "w" : "wx", 0o600);
  } catch (cause) {
    const code = codeOf(cause);
    const why =
      code === "EEXIST"
        ? "there is such a file; name another, or pass --overwrite"
        : `it cannot be written (${code})`;
    throw new ParleyError("E_CONFIG_INVALID", `--out ${path}: ${why}.`, { cause });
  }
}

/** What a recorder writes at the most, and some room. */
const maxBytes = 384 * 2 ** 20;

/** Servers that answer from a recording. @throws `E_CONFIG_INVALID` for a file that is none */
export function replayedSource(path: string): OpenSource {
  return async () => {
    const recording = readRecording(await readText(path), { path });
    const { servers, wrapClient } = createReplay(recording);
    const calls = recording.servers.reduce((sum, server) => sum + server.calls.length, 0);
    const early = recording.ended === undefined ? "" : ` (${recording.ended})`;
    return {
      found: { servers, keys: [], alone: false, warnings: [] },
      wrapClient,
      follows: false,
      notices: [
        `Replaying ${calls} ${calls === 1 ? "call" : "calls"} of ${recording.recordedAt} from ${path}${early}.`,
      ],
    };
  };
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size <= maxBytes) return await readFile(path, "utf8");
  } catch (cause) {
    const code = codeOf(cause);
    const why = code === "ENOENT" ? "there is no such file" : `it cannot be read (${code})`;
    throw new ParleyError("E_CONFIG_INVALID", `${path}: ${why}.`, { cause });
  }
  throw new ParleyError("E_CONFIG_INVALID", `${path}: it is larger than a recording may be.`);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unreadable";
}
