import { Liquid } from "liquidjs";

/** Tags that compute and print. Those that read files, and `increment` and `cycle` with their memory, are left out. */
const kept = new Set([
  "if",
  "unless",
  "case",
  "for",
  "break",
  "continue",
  "assign",
  "capture",
  "comment",
  "raw",
]);

/** How long a template may be, how much it may build up, and how long it may take. */
const limits = { parseLimit: 1_000_000, memoryLimit: 20_000_000, renderLimit: 1000 } as const;

/**
 * LiquidJS, which evaluates no code: own properties alone are seen, and files are out of reach.
 * @param strict - whether what is not there is an error; conditions take it as false
 */
export function createEngine({ strict }: { readonly strict: boolean }): Liquid {
  const engine = new Liquid({
    ...limits,
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: strict,
    lenientIf: true,
    templates: {},
    outputEscape: plainText,
  });
  for (const tag of Object.keys(engine.tags)) if (!kept.has(tag)) Reflect.deleteProperty(engine.tags, tag);
  return engine;
}

/** How a value stands in the middle of text. */
function plainText(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
