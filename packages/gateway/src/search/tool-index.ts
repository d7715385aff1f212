import type { Tool } from "@parley/tool-registry";
import MiniSearch from "minisearch";
import type { SearchOptions } from "minisearch";
import { isRecord } from "../record.ts";

/** Finds tools by words. */
export interface ToolIndex {
  /** Best first, by BM25 over names, descriptions and arguments. */
  search(query: string, limit: number): readonly Tool[];
}

/** What of a tool is looked at, and how much each part counts. */
const boost = { name: 3, title: 2, description: 1, args: 1, argsSaid: 0.5 } as const;
const fields = Object.keys(boost);

/** Words that say nothing about which tool is meant. */
const common: ReadonlySet<string> = new Set(
  "a an and are as at be by can for from i in is it its me my of on or please that the this to us what when which who why will with you your".split(
    " ",
  ),
);

const maxQuery = 1000;
/** Beginnings of words and single wrong letters count too, but less. */
const options: SearchOptions = {
  boost,
  prefix: (term) => term.length > 3,
  fuzzy: (term) => (term.length > 4 ? 0.15 : false),
};

export function createToolIndex(tools: readonly Tool[]): ToolIndex {
  const index = new MiniSearch({ fields, tokenize: words, processTerm: stem });
  const byId = new Map(tools.map((tool, id) => [id, tool]));
  for (const [id, { name, title, description, inputSchema }] of byId) {
    const { properties } = inputSchema;
    const args = isRecord(properties) ? Object.entries(properties) : [];
    index.add({
      id,
      name,
      title: title ?? "",
      description: description ?? "",
      args: args.map(([argument]) => argument).join(" "),
      argsSaid: args.map(([, schema]) => said(schema)).join(" "),
    });
  }
  return {
    search(query, limit) {
      const terms = words(query.slice(0, maxQuery)).filter((word) => !common.has(word.toLowerCase()));
      // Words that are common are better than none.
      const wanted = terms.length > 0 ? terms.join(" ") : query.slice(0, maxQuery);
      return index
        .search(wanted, options)
        .slice(0, limit)
        .flatMap(({ id }) => byId.get(Number(id)) ?? []);
    },
  };
}

function said(schema: unknown): string {
  const description = isRecord(schema) ? schema["description"] : undefined;
  return typeof description === "string" ? description.slice(0, maxQuery) : "";
}

/** `createPullRequest` and `create_pull_request` are the same three words. */
function words(text: string): string[] {
  return text
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}

/** One form for one and many. */
function stem(word: string): string {
  const lower = word.toLowerCase();
  if (lower.length > 4 && lower.endsWith("ies")) return `${lower.slice(0, -3)}y`;
  return lower.length > 3 && lower.endsWith("s") && !lower.endsWith("ss") ? lower.slice(0, -1) : lower;
}
