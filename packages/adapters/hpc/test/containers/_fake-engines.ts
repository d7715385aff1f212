import { createHpc } from "@parley/hpc";
import { type ToolContext, type ToolResult, createRegistry, toolContext } from "@parley/tool-registry";
import { mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A machine with stand-ins for some engines and nothing else of theirs. */
export interface FakeEngines {
  readonly home: string;
  readonly env: Record<string, string>;
  call(tool: string, args?: Record<string, unknown>, context?: Partial<ToolContext>): Promise<ToolResult>;
  /** Argument arrays of the calls so far, without the probes. */
  calls(): Promise<string[][]>;
  /** Environments of the calls so far. */
  environments(): Promise<Record<string, string>[]>;
  read(file: string): Promise<string>;
  close(): Promise<void>;
}

export async function fakeEngines(
  names: readonly string[],
  extra: Record<string, string> = {},
): Promise<FakeEngines> {
  const home = await mkdtemp(join(tmpdir(), "parley-fake-engines-"));
  const bin = join(home, "bin");
  const open = join(home, "open");
  await mkdir(bin);
  await mkdir(open);
  for (const name of names) await symlink(join(import.meta.dirname, "_fake-engine.mjs"), join(bin, name));
  // The stand-ins need node, and nothing that is called like an engine.
  await symlink(process.execPath, join(bin, "node"));
  for (const program of ["env", "sleep"]) await symlink(`/usr/bin/${program}`, join(bin, program));
  const env = { PATH: bin, HOME: home, HPC_ROOTS: open, ...extra };
  const { tools } = createHpc({ toolsets: ["containers", "containers-write"], env });
  const registry = createRegistry();
  registry.replace("hpc", { tools, prompts: [] });
  const lines = async (): Promise<{ argv: string[]; env: Record<string, string> }[]> =>
    (await readFile(join(home, "calls.ndjson"), "utf8").catch(() => ""))
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  return {
    home,
    env,
    call: (tool, args = {}, context = {}) => registry.call(tool, args, toolContext(context)),
    calls: async () =>
      (await lines())
        .map(({ argv }) => argv)
        .filter(([, command]) => command !== "version" && command !== "--version"),
    environments: async () => (await lines()).map(({ env }) => env),
    read: (file) => readFile(join(home, file), "utf8"),
    close: () => rm(home, { recursive: true, force: true }),
  };
}
