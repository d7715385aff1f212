import { createRequire } from "node:module";

/** The version in the `package.json` beside the folder of a module; `from` is its `import.meta.url`. */
export function packageVersion(from: string): string {
  const found: unknown = createRequire(from)("../package.json");
  return typeof found === "object" && found !== null && "version" in found ? String(found.version) : "0.0.0";
}
