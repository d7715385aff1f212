import { ParleyError } from "@parley/core";

/** What an address names. */
export type DatabaseAddress =
  | { readonly kind: "memory" }
  | { readonly kind: "json" | "sqlite"; readonly path: string };

function refuse(uri: string, hint = ""): never {
  const shown = JSON.stringify(uri.slice(0, 200));
  throw new ParleyError(
    "E_DATABASE_URI",
    `The database address ${shown} is none: write sqlite://PATH, json://DIR, file://DIR or memory:${hint}.`,
  );
}

/**
 * Reads an address: `memory:`, `json://DIR`, `file://DIR` or `sqlite://PATH`. What follows `//` is the path
 * as it stands, so three slashes make it absolute.
 */
export function parseDatabaseUri(uri: string): DatabaseAddress {
  if (/^memory:(\/\/)?$/i.test(uri)) return { kind: "memory" };
  const [, scheme = "", path = ""] = /^([a-z]+):\/\/(.*)$/is.exec(uri) ?? [];
  const kind = { json: "json", file: "json", sqlite: "sqlite" } as const;
  const found = Object.entries(kind).find(([name]) => name === scheme.toLowerCase())?.[1];
  if (found === undefined) {
    if (scheme !== "" || !/[./]/.test(uri)) refuse(uri);
    refuse(
      uri,
      `; for this path, ${/\.(db|sqlite3?)$/.test(uri) ? "sqlite" : "json"}://${uri.slice(0, 200)}`,
    );
  }
  if (path === "" || path.includes("\0")) refuse(uri);
  return { kind: found, path };
}
