import { createMemoryDatabase } from "@parley/databases";
import type { Database } from "@parley/databases";
import type { CallOptions } from "@parley/tensorpool";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type FakeEngine, type Mischief, goodKey, startFakeEngine } from "./_fake-engine.ts";

/** Which `tp` is spoken through; `http` is none. */
export type Way = "http" | "0.0.5" | "0.0.6" | "0.0.7" | "0.0.9" | "real";

/** The `tp` of PyPI: named in PARLEY_TP, put where `npm run check -- --ci` installs it, or on PATH. */
export const realTp = [
  process.env["PARLEY_TP"] ?? "",
  fileURLToPath(new URL("../../../../.parley/tensorpool/bin/tp", import.meta.url)),
  ...(process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "tp")),
].find((path) => path !== "" && existsSync(path));

/** A fake engine, a folder to work in, and options that lead to them. */
export interface World {
  readonly engine: FakeEngine;
  readonly folder: string;
  readonly database: Database;
  readonly options: CallOptions;
  files(): Promise<string[]>;
  close(): Promise<void>;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Makes one. The environment holds nothing of this process's but PATH. */
export async function makeWorld(
  way: Way,
  given: { readonly mischief?: Mischief; readonly env?: Record<string, string | undefined> } = {},
): Promise<World> {
  const engine = await startFakeEngine(given.mischief);
  const base = await mkdtemp(join(tmpdir(), "parley-tensorpool-"));
  const folder = await mkdtemp(join(base, "work-"));
  const program = way === "http" ? undefined : way === "real" ? realTp : await writeShim(base, way);
  const database = createMemoryDatabase();
  let ids = 0;
  return {
    engine,
    folder,
    database,
    options: {
      database,
      workdir: folder,
      sleep: async () => {},
      newId: () => `id${String(++ids).padStart(6, "0")}-0000-secret`,
      env: {
        PATH: process.env["PATH"],
        HOME: base,
        TENSORPOOL_KEY: goodKey,
        TENSORPOOL_ENGINE: engine.address,
        TENSORPOOL_BACKEND: way === "http" ? "http" : "cli",
        TENSORPOOL_TP: program,
        ...given.env,
      },
    },
    async files() {
      const entries = await readdir(base, { recursive: true });
      return entries.filter((name) => !/^tp-|^\.cache/.test(name)).toSorted();
    },
    async close() {
      await engine.close();
      await rm(base, { recursive: true, force: true });
    },
  };
}

/** A program that replays one release. */
async function writeShim(folder: string, release: Exclude<Way, "http" | "real">): Promise<string> {
  const path = join(folder, `tp-${release}`);
  const lines = [
    `#!${process.execPath}`,
    `process.argv.splice(2, 0, ${JSON.stringify(here(`fixtures/tp-${release}.json`))});`,
    `import(${JSON.stringify(here("_tp-shim.mjs"))});`,
  ];
  await writeFile(path, `${lines.join("\n")}\n`);
  await chmod(path, 0o755);
  return path;
}

/** A key for clusters. */
export const publicKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ada@example";
