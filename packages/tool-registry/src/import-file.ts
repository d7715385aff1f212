import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import type { LoadOptions } from "./load-module.ts";

type Module = Readonly<Record<string, unknown>>;

/**
 * Imports a file once for this process: TypeScript through jiti, JavaScript by Node itself. JavaScript that stands
 * where Node finds none of the modules we provide, such as a mounted ConfigMap, is given ours through jiti too.
 */
export async function importOnce(file: string, options: LoadOptions): Promise<Module> {
  const own = await ownModules(options);
  if (!/\.[cm]?tsx?$/.test(file)) {
    try {
      return await import(pathToFileURL(file).href);
    } catch (error) {
      if (!lacksOneOf(Object.keys(own), error)) throw error;
    }
  }
  const { createJiti } = await import("jiti");
  return await createJiti(import.meta.url, { virtualModules: own }).import(file);
}

/** Whether Node found no package of one of these names. */
function lacksOneOf(names: readonly string[], error: unknown): boolean {
  if (!(error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND")) return false;
  const missing = /^Cannot find package '([^']+)'/.exec(error.message)?.[1];
  return missing !== undefined && names.includes(missing);
}

/**
 * Imports a file and the files beside it as they now are. Nothing enters Node's own module cache, which never
 * forgets, so that what is no longer used is freed. Packages stay as first read, and so do JavaScript modules that
 * a file with a top-level await imports.
 */
export async function importFresh(file: string, options: LoadOptions): Promise<Module> {
  options.onFile?.(file);
  if (await isCommonJs(file)) return requireFresh(file);
  const { createJiti } = await import("jiti");
  const plain = createJiti(import.meta.url, { fsCache: false });
  const own = await ownModules(options);
  const jitiWith = (virtualModules: Record<string, Module>): ReturnType<typeof createJiti> =>
    createJiti(import.meta.url, {
      fsCache: false,
      moduleCache: false,
      virtualModules,
      transform: (source) => {
        if (source.filename !== undefined) options.onFile?.(source.filename);
        return { code: plain.transform(source) };
      },
    });
  // Reading the names through a copy keeps jiti's proxy, and with it the graph, out of what is returned.
  try {
    // Only a synchronous load transpiles every file; an asynchronous one leaves JavaScript to Node and its cache.
    const module: Module = jitiWith(withPackages(own, createRequire(file)))(file);
    return { ...module };
  } catch (error) {
    if (!awaitsAtTop(error)) throw error;
    return { ...(await jitiWith(own).import<Module>(file)) };
  }
}

/** Whether a synchronous load failed for no more than a top-level await, in the file or in a package. */
function awaitsAtTop(error: unknown): boolean {
  if (error instanceof SyntaxError) return /\bawait\b/.test(error.message);
  return error instanceof Error && "code" in error && error.code === "ERR_REQUIRE_ASYNC_MODULE";
}

/** Our own modules, and each package the file finds, as Node has it. */
function withPackages(own: Record<string, Module>, require: NodeJS.Require): Record<string, Module> {
  const isPackage = (id: string): boolean => {
    if (!/^(?:@[\w.-]+\/)?[\w.-]+(?:\/[\w./-]+)?$/.test(id) || id.startsWith(".")) return false;
    try {
      return isAbsolute(require.resolve(id));
    } catch {
      return false;
    }
  };
  return new Proxy(own, {
    has: (target, id) => Object.hasOwn(target, id) || (typeof id === "string" && isPackage(id)),
    get: (target, id) =>
      typeof id === "symbol" || Object.hasOwn(target, id) ? Reflect.get(target, id) : require(id),
  });
}

/** A tool is given this process's own copies, so that errors and schemas are of the host's classes. */
async function ownModules({ provide = {} }: LoadOptions): Promise<Record<string, Module>> {
  const { core, registry, zod } = await import("./_own-modules.ts");
  return { ...provide, "@parley/core": core, "@parley/tool-registry": registry, zod };
}

async function isCommonJs(file: string): Promise<boolean> {
  if (file.endsWith(".cjs")) return true;
  if (!file.endsWith(".js")) return false;
  return !/^\s*(?:import|export)\b/m.test(await readFile(file, "utf8"));
}

function requireFresh(file: string): Module {
  const require = createRequire(file);
  const forget = (path: string): void => {
    const known = require.cache[path];
    if (known === undefined || path.includes("node_modules")) return;
    Reflect.deleteProperty(require.cache, path);
    for (const child of known.children) forget(child.id);
  };
  forget(file);
  const exported: unknown = require(file);
  return { ...(typeof exported === "object" ? exported : {}), default: exported };
}
