import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { fillFrame, type Frame } from "./frame.ts";

/** A file as it is sent. */
export interface Asset {
  readonly body: string;
  readonly contentType: string;
  readonly etag: string;
}

/** A page's files by the name they have in a URL. */
export interface Assets {
  readonly html: Asset;
  readonly files: ReadonlyMap<string, Asset>;
}

/** Which page is read, and what it is told. */
export interface AssetsOptions {
  /** Its HTML, as it stands in the frame. */
  readonly document: string;
  readonly frame: Frame;
  /** The module it starts with; those that module needs are served too, and no others. */
  readonly entry: string;
  /** Path of its files from the page, with a slash at its end. */
  readonly files: string;
  /** Path of the MCP endpoint; absent where the page finds out itself. */
  readonly mcpPath?: string | undefined;
}

/** The same folders seen from `src` and from `dist`. */
const folders = {
  assets: fileURLToPath(new URL("../assets/", import.meta.url)),
  modules: fileURLToPath(new URL("../dist/browser/", import.meta.url)),
};

const contentTypes: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** Reads every file of a page once. */
export async function readAssets(options: AssetsOptions): Promise<Assets> {
  const { document, entry, files: path, mcpPath } = options;
  const files = new Map<string, Asset>();
  for (const name of await readdir(folders.assets)) await read(files, folders.assets, name);
  await readModules(files, entry);
  const [template, own] = await Promise.all(
    ["frame.html", document].map((name) => readFile(`${folders.assets}${name}`, "utf8")),
  );
  const html = fillFrame(template ?? "", options.frame, {
    attributes: { files: path, entry, mcpPath: mcpPath?.replace(/^\/+/, "") },
    modules: preloads([...files.keys()], path),
    own: own ?? "",
  });
  return { html: asset(html, "text/html; charset=utf-8"), files };
}

/** A module, and each that it imports. */
async function readModules(files: Map<string, Asset>, name: string): Promise<void> {
  if (files.has(name)) return;
  const body = await read(files, folders.modules, name);
  for (const [, next] of body.matchAll(/\bfrom "\.\/([a-z-]+\.js)"/g)) {
    if (next !== undefined) await readModules(files, next);
  }
}

async function read(files: Map<string, Asset>, folder: string, name: string): Promise<string> {
  const contentType = contentTypes[/\.([a-z]+)$/.exec(name)?.[1] ?? ""];
  if (contentType === undefined) return "";
  const body = await readFile(`${folder}${name}`, "utf8");
  files.set(name, asset(body.replace(/^\/\/# sourceMappingURL=.*$/m, ""), contentType));
  return body;
}

function asset(body: string, contentType: string): Asset {
  const hash = createHash("sha256").update(body).digest("base64url").slice(0, 27);
  return { body, contentType, etag: `"${hash}"` };
}

/** Lets a browser ask for all modules at once rather than as it finds one in the other. */
function preloads(names: readonly string[], path: string): string {
  const modules = names.filter((name) => name.endsWith(".js"));
  return modules.map((name) => `<link rel="modulepreload" href="${path}${name}" />`).join("\n");
}
