import { ParleyError } from "@parley/core";
import type { RunResult } from "@parley/exec";
import { z } from "zod";
import type { Call } from "../call.ts";
import { execute, programDetails, programError } from "../execute.ts";

/** The program: `$SPACK_ROOT/bin/spack`, else the one on PATH. */
export function spackProgram({ env }: Call): string {
  const root = env["SPACK_ROOT"]?.replace(/\/+$/, "");
  return root?.startsWith("/") === true ? `${root}/bin/spack` : "spack";
}

/** Runs Spack. The first call on a fresh checkout may take minutes. @throws `E_EXEC_*`, `E_OBJECT_UNKNOWN` */
export async function spack(
  call: Call,
  args: readonly string[],
  options: { readonly timeoutMs: number; readonly maxBytes?: number },
): Promise<RunResult> {
  const argv = [spackProgram(call), "--color", "never", ...args];
  const result = await execute(call, argv, { ...options, pass: ["SPACK_*", "XDG_*"] });
  if (result.ok) return result;
  const unknown = /(?:No package matches the query|Package '[^']*' not found|No such package)[^\n]*/.exec(
    result.stderr,
  );
  if (unknown === null) throw programError(result);
  throw new ParleyError("E_OBJECT_UNKNOWN", `Spack: ${unknown[0].trim().slice(0, 300)}`, {
    details: programDetails(result),
  });
}

const Text = z.string();

/** The fields of `spack find --json` that are read; Spack 1 drops `compiler`. */
const Specs = z.array(
  z.object({
    name: Text,
    version: Text.optional(),
    hash: Text.optional(),
    arch: z.object({ target: z.unknown().optional(), platform_os: Text.optional() }).optional(),
    compiler: z.object({ name: Text, version: Text.optional() }).optional(),
    parameters: z.record(Text, z.unknown()).optional(),
    external: z.object({ path: Text.nullish() }).optional(),
  }),
);

/** An installed package as the tools show it. */
export const InstalledPackage = z.object({
  name: Text,
  version: Text.optional(),
  /** Names this very installation: `spack load /HASH`. */
  hash: Text.optional(),
  compiler: Text.optional(),
  target: Text.optional(),
  /** Variants that are on, and those with values. */
  variants: z.array(Text),
  /** Where an external package is. */
  prefix: Text.optional(),
});
export type InstalledPackage = z.infer<typeof InstalledPackage>;

const bookkeeping = /^(?:build_system|patches|dev_path|c(?:xx|pp)?flags|fflags|ld(?:flags|libs))$/;

/** Reads `spack find --json`. @throws `E_EXEC_FAILED` for anything else */
export function readInstalled(stdout: string): InstalledPackage[] {
  const parsed = Specs.safeParse(parseJson(stdout));
  if (!parsed.success) {
    throw new ParleyError(
      "E_EXEC_FAILED",
      "spack find --json printed no list of packages; try spack_find again.",
      {
        details: { stdout: stdout.slice(0, 1000) },
      },
    );
  }
  return parsed.data.map((spec) => ({
    name: spec.name,
    version: spec.version,
    hash: spec.hash?.slice(0, 7),
    compiler: spec.compiler && [spec.compiler.name, spec.compiler.version].filter(Boolean).join("@"),
    target: typeof spec.arch?.target === "string" ? spec.arch.target : undefined,
    variants: Object.entries(spec.parameters ?? {}).flatMap(([name, value]) => variantOf(name, value)),
    prefix: spec.external?.path ?? undefined,
  }));
}

function variantOf(name: string, value: unknown): string[] {
  if (bookkeeping.test(name) || value === false) return [];
  if (value === true) return [name];
  const values = (Array.isArray(value) ? value : [value]).filter(
    (item) => typeof item === "string" || typeof item === "number",
  );
  return values.length === 0 ? [] : [`${name}=${values.join(",").slice(0, 200)}`];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The words of a spec as arguments. */
export const wordsOf = (spec: string): readonly string[] => spec.split(/ +/);

const shownCharacters = 60_000;

/** What Spack printed, bounded. */
export const SpackText = z.object({ text: z.string(), cut: z.boolean() });

/** Bounds a text of Spack. */
export function bounded(text: string): z.infer<typeof SpackText> {
  return { text: text.slice(0, shownCharacters), cut: text.length > shownCharacters };
}
