import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** A file as it is sent. */
export interface Asset {
  readonly body: string;
  readonly contentType: string;
  readonly etag: string;
}

/** The page's files by the name they have in a URL. */
export interface Assets {
  readonly html: Asset;
  readonly files: ReadonlyMap<string, Asset>;
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

/** Reads every file of the page once. @param mcpPath - path of the MCP endpoint, which the page is told. */
export async function readAssets(mcpPath: string): Promise<Assets> {
  const files = new Map<string, Asset>();
  for (const folder of [folders.assets, folders.modules]) {
    for (const name of await readdir(folder)) {
      const contentType = contentTypes[/\.([a-z]+)$/.exec(name)?.[1] ?? ""];
      if (contentType === undefined) continue;
      const body = await readFile(`${folder}${name}`, "utf8");
      files.set(name, asset(body.replace(/^\/\/# sourceMappingURL=.*$/m, ""), contentType));
    }
  }
  const html = (await readFile(`${folders.assets}page.html`, "utf8"))
    .replace("{{mcp}}", () => escapeAttribute(mcpPath.replace(/^\/+/, "")))
    .replace("<!-- modules -->", () => preloads([...files.keys()]));
  return { html: asset(html, "text/html; charset=utf-8"), files };
}

function asset(body: string, contentType: string): Asset {
  const hash = createHash("sha256").update(body).digest("base64url").slice(0, 27);
  return { body, contentType, etag: `"${hash}"` };
}

/** Lets a browser ask for all modules at once rather than as it finds one in the other. */
function preloads(names: readonly string[]): string {
  const modules = names.filter((name) => name.endsWith(".js"));
  return modules.map((name) => `<link rel="modulepreload" href="page/${name}" />`).join("\n    ");
}

function escapeAttribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
