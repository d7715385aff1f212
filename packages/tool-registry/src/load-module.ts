import { pathToFileURL } from "node:url";
import { ParleyError } from "@parley/core";
import { importFresh, importOnce } from "./import-file.ts";
import { isPath, locateFirst } from "./locate.ts";

/** Where modules are looked for, and how they are imported. */
export interface LoadOptions {
  /** Folder that relative paths and package names start from; default the working directory. */
  readonly cwd?: string | undefined;
  /** Further folders to find packages from, after `cwd`: an app passes its own. */
  readonly searchFrom?: readonly string[] | undefined;
  /** Packages the host brings itself, by name, for when none is found elsewhere. */
  readonly packages?: Readonly<Record<string, () => Promise<object>>> | undefined;
  /** Further modules of this process that TypeScript is given, by the name it imports them under. */
  readonly provide?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
  /** Time a module may take to load; default 30 s, 0 for no limit. One that blocks the thread cannot be cut off. */
  readonly timeoutMs?: number | undefined;
  /** Reads files anew instead of once per process; packages are read once all the same. Default false. */
  readonly fresh?: boolean | undefined;
  /** Told of the files a fresh import reads, for watching them. */
  readonly onFile?: ((path: string) => void) | undefined;
}

/**
 * Imports a module by path or package name. TypeScript goes through jiti and is given this process's own copies
 * of `@parley/core`, `@parley/tool-registry` and zod; JavaScript is imported as it is, and is given ours when it
 * finds no such package.
 * @throws `E_TOOL_LOAD`, with file and line where they are known
 */
export async function loadModule(
  specifier: string | readonly string[],
  options: LoadOptions = {},
): Promise<Readonly<Record<string, unknown>>> {
  const wanted = typeof specifier === "string" ? [specifier] : specifier;
  const file = await locateFirst(wanted, options);
  if (file === undefined) {
    const own = wanted.map((name) => options.packages?.[name]).find((load) => load !== undefined);
    if (own !== undefined) return { ...(await own()) };
    throw notFound(wanted, options);
  }
  const fresh = options.fresh === true && !/[\\/]node_modules[\\/]/.test(file) && wanted.some(isPath);
  try {
    return await inTime(fresh ? importFresh(file, options) : importOnce(file, options), options);
  } catch (cause) {
    const reason = cause instanceof Error ? firstLine(cause.message) : String(cause);
    const place = placeOf(cause, file);
    throw new ParleyError("E_TOOL_LOAD", `Cannot load ${place}: ${reason}`, {
      cause,
      details: { file: place },
    });
  }
}

function notFound(wanted: readonly string[], options: LoadOptions): ParleyError {
  const cwd = options.cwd ?? process.cwd();
  const where = (wanted.every(isPath) ? [cwd] : [cwd, ...(options.searchFrom ?? [])]).join(", ");
  const [first = ""] = wanted;
  const name = /^(?:@[\w.-]+\/)?[\w.-]+/.exec(first)?.[0];
  const hint = name === undefined || wanted.some(isPath) ? "" : `; install it with: npm install ${name}`;
  return new ParleyError("E_TOOL_LOAD", `Cannot find ${wanted.join(" or ")}; looked from ${where}${hint}.`);
}

async function inTime<Value>(work: Promise<Value>, { timeoutMs = 30_000 }: LoadOptions): Promise<Value> {
  if (timeoutMs === 0) return await work;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not load within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** `file:line:column` when the fault names one inside the file, else the file. */
function placeOf(cause: unknown, file: string): string {
  if (!(cause instanceof Error)) return file;
  const text = `${cause.message}\n${cause.stack ?? ""}`;
  for (const spelling of [file, pathToFileURL(file).href]) {
    const start = text.indexOf(`${spelling}:`);
    const numbers = start === -1 ? null : /^:\d+(:\d+)?/.exec(text.slice(start + spelling.length));
    if (numbers !== null) return file + numbers[0];
  }
  const inMessage = /\((\d+):(\d+)\)/.exec(cause.message);
  return inMessage === null ? file : `${file}:${inMessage[1]}:${inMessage[2]}`;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}
