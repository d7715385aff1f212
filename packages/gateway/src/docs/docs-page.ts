import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { ParleyError } from "@parley/core";

/** Nothing from elsewhere. Swagger UI marks its drawings with styles of their own. */
export const docsPolicy =
  "default-src 'self'; base-uri 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; frame-ancestors 'self'";

/** Files of Swagger UI a page asks for, and their types. */
const assets: Readonly<Record<string, string>> = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
  "favicon-32x32.png": "image/png",
};

export interface DocsAsset {
  readonly type: string;
  readonly body: Buffer | string;
}

/** Starts Swagger UI on the document beside the page, wherever a proxy has put both. */
const start = `window.onload = () => {
  window.ui = SwaggerUIBundle({
    url: new URL("openapi.json", document.baseURI).href,
    dom_id: "#swagger-ui",
    deepLinking: true,
    validatorUrl: null,
  });
};
`;

/** @throws `E_ROUTE_UNKNOWN` */
export async function docsAsset(name: string): Promise<DocsAsset> {
  if (name === "start.js") return { type: "text/javascript; charset=utf-8", body: start };
  const type = Object.hasOwn(assets, name) ? assets[name] : undefined;
  if (type === undefined) throw new ParleyError("E_ROUTE_UNKNOWN", "There is no such file of the page.");
  return { type, body: await readFile(join(assetFolder(), name)) };
}

function assetFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve("@fastify/swagger-ui")), "static");
}

/** @param assetPath - from the page to its files, such as `docs/` */
export function docsPage(title: string, assetPath: string): string {
  const shown = escapeHtml(title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${shown}</title>
<link rel="icon" type="image/png" href="${assetPath}favicon-32x32.png">
<link rel="stylesheet" href="${assetPath}swagger-ui.css">
</head>
<body>
<div id="swagger-ui">Loading the tools of ${shown}.</div>
<script src="${assetPath}swagger-ui-bundle.js"></script>
<script src="${assetPath}start.js"></script>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
