import { randomUUID } from "node:crypto";
import {
  chmodSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { ParleyError } from "@parley/core";
import { z } from "zod";

/** A definition that was accepted. */
export const Pin = z.object({
  hash: z.string(),
  /** ISO-8601 UTC. */
  at: z.string(),
  /** As it was, to show what has changed. */
  definition: z.unknown(),
  /** Rules of the scan whose findings were accepted with it. */
  accepted: z.array(z.string()).optional(),
});
export type Pin = z.infer<typeof Pin>;

const PinFile = z.object({
  version: z.literal(1),
  servers: z.record(z.string(), z.record(z.string(), Pin)),
});

/** Pins by server and item. */
export type PinTable = ReadonlyMap<string, ReadonlyMap<string, Pin>>;

/** @throws `E_CONFIG_INVALID` for a file that is there and holds no pins */
export function readPins(path: string): PinTable {
  const text = readText(path);
  if (text === undefined) return new Map();
  const found = PinFile.safeParse(parsed(text));
  if (found.success) {
    const servers = Object.entries(found.data.servers);
    return new Map(servers.map(([server, pins]) => [server, new Map(Object.entries(pins))]));
  }
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `--pins ${path}: it holds no pins of version 1; name another file, or remove it to pin everything anew.`,
  );
}

/** Writes all pins at once: a reader sees the old file or the new one. @throws `E_FILE_IO` */
export function writePins(path: string, pins: PinTable): void {
  const servers = Object.fromEntries(
    Array.from(
      pins,
      ([server, items]) => [server, Object.fromEntries([...items].toSorted(byName))] as const,
    ).toSorted(byName),
  );
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    const file = openSync(draft, "wx", 0o600);
    try {
      writeFileSync(file, `${JSON.stringify({ version: 1, servers }, undefined, 2)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    chmodSync(draft, 0o600);
    renameSync(draft, path);
  } catch (cause) {
    rmSync(draft, { force: true });
    throw new ParleyError("E_FILE_IO", `--pins ${path}: it cannot be written (${codeOf(cause)}).`, { cause });
  }
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return undefined;
    throw new ParleyError("E_CONFIG_INVALID", `--pins ${path}: it cannot be read (${codeOf(cause)}).`, {
      cause,
    });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
}
