import { builtinModules } from "node:module";
import type { Options } from "tsup";

type Plugin = NonNullable<Options["plugins"]>[number];

const builtins = new Set(builtinModules);
const imports = /(?<=^|[;}\n])import\s*([^"';]+?)\s*from\s*"(?:node:)?([a-z_/]+)";/g;

/**
 * Requires Node's own modules instead of importing them. An import reads every property of the module, which for
 * `crypto` loads all of WebCrypto. The banner, which makes `require`, stays as it is.
 */
export function requireBuiltins(): Plugin {
  return {
    name: "require-builtins",
    renderChunk: (code) => ({
      code: code.replace(imports, (whole: string, names: string, name: string) =>
        name === "module" || !builtins.has(name) ? whole : required(names, name),
      ),
    }),
  };
}

/** `* as fs`, `fs`, or `{ readFile as read, stat }` as a declaration. */
function required(names: string, name: string): string {
  const call = `require("node:${name}")`;
  const whole = /^(?:\*\s*as\s+)?([\w$]+)$/.exec(names)?.[1];
  if (whole !== undefined) return `const ${whole}=${call};`;
  if (!/^\{[^{}]*\}$/.test(names)) throw new Error(`import ${names} from "${name}" is of an unknown form.`);
  return `const ${names.replaceAll(/\s+as\s+/g, ":")}=${call};`;
}
