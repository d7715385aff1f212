import type { InstalledSoftware } from "@parley/core";
import { z } from "zod";

const Text = z.string().max(512);

/** The fields of `spack find --json` that are read; Spack 1 drops `compiler`, so everything but the name may miss. */
const Specs = z.array(
  z.object({
    name: Text,
    version: Text.optional(),
    hash: Text.optional(),
    parameters: z.record(Text, z.unknown()).default({}),
  }),
);

/** Parameters that are build bookkeeping and never a feature somebody asks for. */
const bookkeeping =
  /^(build_system|build_type|generator|patches|dev_path|c(xx|pp)?flags|fflags|ld(flags|libs))$/;

/** Packages of `spack find --json`; `undefined` when the value is not such a listing. */
export function readSpackSpecs(value: unknown): readonly InstalledSoftware[] | undefined {
  return Specs.safeParse(value).data?.map(({ name, version, hash, parameters }) => {
    const spec = version === undefined ? name : `${name}@${version}`;
    const features = Object.entries(parameters).flatMap(([key, setting]) => enabled(key, setting));
    return {
      name,
      version,
      with: features.length > 0 ? features : undefined,
      location: hash === undefined ? spec : `${spec}/${hash.slice(0, 7)}`,
    };
  });
}

/** A variant that is on is its name; one with values is `name=value`. */
function enabled(key: string, setting: unknown): string[] {
  if (bookkeeping.test(key)) return [];
  if (setting === true) return [key];
  const values = (Array.isArray(setting) ? setting : [setting])
    .filter((value) => typeof value === "string" || typeof value === "number")
    .map(String)
    .filter((value) => value !== "" && value.length <= 128 && !/^(none|auto|false|off)$/i.test(value));
  return values.map((value) => `${key}=${value}`);
}
