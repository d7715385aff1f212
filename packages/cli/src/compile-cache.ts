import { existsSync, mkdirSync, statSync } from "node:fs";
import module from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** What {@link keepCompiled} stands on; each is the real thing by default. */
export interface KeepCompiledOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Default: this user's home. */
  readonly home?: string | undefined;
  /** Default: this user's id; absent on Windows. */
  readonly uid?: number | undefined;
  /** Default: Node's own, absent before 22.1. */
  readonly enable?: ((folder: string) => unknown) | undefined;
}

/**
 * Has Node.js 22.1 and later keep compiled code in `$XDG_CACHE_HOME/parley/compiled`, so that the next start takes it from
 * there. Code is only taken from folders that this user owns and nobody else may write to; without such a place nothing
 * is kept. `NODE_COMPILE_CACHE` names another folder and `NODE_DISABLE_COMPILE_CACHE=1` keeps nothing.
 */
export function keepCompiled({
  env,
  home = homedir(),
  uid = process.getuid?.(),
  enable = nodesOwn(),
}: KeepCompiledOptions): void {
  if (enable === undefined || (env["NODE_DISABLE_COMPILE_CACHE"] ?? "") !== "") return;
  const named = env["XDG_CACHE_HOME"] ?? "";
  const place = named === "" ? join(home, ".cache") : named;
  const folder = join(place, "parley", "compiled");
  const isOurs = (path: string): boolean => {
    const found = statSync(path);
    return uid === undefined || (found.uid === uid && (found.mode & 0o022) === 0);
  };
  try {
    if (!isOurs(existsSync(place) ? place : dirname(place))) return;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if ([dirname(folder), folder].every(isOurs)) enable(folder);
  } catch {
    // A home that is read-only or not there: the code is compiled anew.
  }
}

function nodesOwn(): KeepCompiledOptions["enable"] {
  const found: unknown = Reflect.get(module, "enableCompileCache");
  return typeof found === "function" ? (folder) => Reflect.apply(found, module, [folder]) : undefined;
}
