import { ParleyError } from "@parley/core";
import {
  type ModuleSystem,
  availArguments,
  findModuleSystem,
  moduleVariables,
  parseTerseModules,
} from "@parley/engines/software";
import type { RunResult } from "@parley/exec";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import type { Call } from "../call.ts";
import { execute, executeOrThrow, programDetails, programError } from "../execute.ts";
import { cached, isTexts } from "./cache.ts";

/** Where the packages of distributions put the programs; a server seldom starts from a login shell. */
const usualPlaces: readonly ModuleSystem[] = [
  { kind: "lmod", program: "/usr/share/lmod/lmod/libexec/lmod" },
  { kind: "tcl", program: "/usr/lib/x86_64-linux-gnu/modulecmd.tcl" },
  { kind: "tcl", program: "/usr/share/Modules/libexec/modulecmd.tcl" },
];

/** @throws `E_EXEC_NOT_FOUND` */
export async function moduleSystem({ env }: Call): Promise<ModuleSystem> {
  const found = await findModuleSystem({ env, isExecutable, others: usualPlaces });
  if (found !== undefined) return found;
  throw new ParleyError(
    "E_EXEC_NOT_FOUND",
    "There are no environment modules here: set LMOD_CMD or MODULES_CMD, and MODULEPATH, for this server.",
  );
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The folders modules are looked for in. */
export function modulePath({ env }: Call): readonly string[] {
  return (env["MODULEPATH"] ?? "").split(":").filter((folder) => folder !== "");
}

/** Names of all modules. */
export async function availableModules(call: Call, useCache: boolean): Promise<readonly string[]> {
  const system = await moduleSystem(call);
  return cached(call, {
    key: `modules ${system.program} ${modulePath(call).join(":")}`,
    maxAgeMs: 300_000,
    use: useCache,
    is: isTexts,
    async read() {
      const result = await executeOrThrow(call, availArguments(system), {
        pass: moduleVariables,
        maxBytes: 32 * 2 ** 20,
      });
      return parseTerseModules(result.stderr);
    },
  });
}

/** Runs the program behind `module`. @throws `E_OBJECT_UNKNOWN` for a module there is not */
export async function askModules(
  call: Call,
  system: ModuleSystem,
  args: readonly string[],
): Promise<RunResult> {
  const result = await execute(call, [system.program, "bash", ...args], { pass: moduleVariables });
  if (
    /The following module\(s\) are unknown|Unable to locate a modulefile|Failed to find the following module/i.test(
      result.stderr,
    )
  ) {
    throw new ParleyError("E_OBJECT_UNKNOWN", `There is no module ${args.at(-1) ?? ""}; see module_avail.`, {
      details: programDetails(result),
    });
  }
  if (!result.ok) throw programError(result);
  return result;
}

/** A package of Lmod's spider. */
export const SpiderPackage = z.object({
  package: z.string(),
  default_version: z.string().optional(),
  description: z.string().optional(),
  versions: z.array(z.string()),
});
export type SpiderPackage = z.infer<typeof SpiderPackage>;

const Pages = z.array(
  z.object({
    package: z.string(),
    defaultVersionName: z.string().optional(),
    description: z.string().optional(),
    versions: z.union([z.array(z.object({ full: z.string() })), z.record(z.string(), z.unknown())]),
  }),
);

/**
 * All that Lmod could load, whatever has to be loaded before, from `spider -o jsonSoftwarePage`.
 * @returns `undefined` for environment-modules, which has no such listing
 */
export async function spider(call: Call, timeoutMs: number): Promise<SpiderPackage[] | undefined> {
  const system = await moduleSystem(call);
  if (system.kind !== "lmod") return undefined;
  const folder = call.env["LMOD_DIR"] ?? dirname(system.program);
  const argv = [`${folder}/spider`, "-o", "jsonSoftwarePage", modulePath(call).join(":")];
  const result = await executeOrThrow(call, argv, {
    pass: moduleVariables,
    timeoutMs,
    maxBytes: 64 * 2 ** 20,
  });
  return readSpider(result.stdout);
}

/** Reads `spider -o jsonSoftwarePage`. @throws `E_EXEC_FAILED` for anything else */
function readSpider(stdout: string): SpiderPackage[] {
  const parsed = Pages.safeParse(stdout.trim() === "" ? [] : parseJson(stdout));
  if (!parsed.success) throw new ParleyError("E_EXEC_FAILED", "Lmod's spider printed no list of modules.");
  const pages = parsed.data.toSorted((left, right) => (left.package < right.package ? -1 : 1));
  return pages.map(({ package: name, defaultVersionName, description, versions }) => ({
    package: name,
    default_version: defaultVersionName,
    description: description?.slice(0, 500),
    versions: Array.isArray(versions) ? versions.map(({ full }) => full).slice(0, 100) : [],
  }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
