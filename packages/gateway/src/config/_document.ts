import { findNodeAtLocation, parseTree, printParseErrorCode } from "jsonc-parser";
import type { Node, ParseError, ParseErrorCode } from "jsonc-parser";
import { interpolate } from "./_interpolate.ts";
import type { Sources } from "./_interpolate.ts";
import { rootOf } from "./_spellings.ts";

/** Where something in a file is wrong; lines and columns count from 1. */
export interface ConfigProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export type Path = readonly (string | number)[];

/** JSON with comments and trailing commas, its variables filled in, which knows where each value stands. */
export interface Document {
  readonly value: unknown;
  /** What is wrong with the text itself, its duplicate keys and its variables, each with the place it belongs to. */
  readonly faults: readonly { readonly path: Path; readonly problem: ConfigProblem }[];
  /**
   * A problem at a value, or at the innermost thing around it that is there; or at the key before it. Paths begin
   * with `mcpServers`, whatever the file has in its place.
   */
  at(path: Path, message: string, what?: "value" | "key"): ConfigProblem;
}

export function readDocument(text: string, sources: Sources): Document {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  const place = createPlaces(text);
  const faults: { path: Path; problem: ConfigProblem }[] = [];
  const report = (node: Pick<Node, "offset">, path: Path, message: string): void => {
    faults.push({ path, problem: { ...place(node.offset), message } });
  };
  for (const { offset, error } of errors.slice(0, 1)) report({ offset }, [], `${wordsOf(error)}.`);
  if (tree === undefined && errors.length === 0) report({ offset: 0 }, [], "the file is empty.");
  const value = tree === undefined ? undefined : createReading(sources, report)(tree, []);
  const root = rootOf(value);
  return {
    value,
    faults,
    at(path, message, what = "value") {
      const own = path[0] === "mcpServers" ? [root, ...path.slice(1)] : path;
      return { ...place(placeOf(tree, own, what)), message: message.replace(/^mcpServers\b/, root) };
    },
  };
}

type Report = (node: Pick<Node, "offset">, path: Path, message: string) => void;

function createReading(sources: Sources, report: Report): (node: Node, path: Path) => unknown {
  const fields = (node: Node, path: Path): Record<string, unknown> => {
    const found = new Map<string, unknown>();
    for (const property of node.children ?? []) {
      const [key, value] = property.children ?? [];
      if (key === undefined || value === undefined) continue;
      const name = String(key.value);
      const inner = [...path, name];
      if (found.has(name)) report(key, inner, `"${name.slice(0, 80)}" stands here twice; take one out.`);
      found.set(name, read(value, inner));
    }
    return Object.fromEntries(found);
  };
  const read = (node: Node, path: Path): unknown => {
    if (node.type === "object") return fields(node, path);
    if (node.type === "array")
      return (node.children ?? []).map((item, index) => read(item, [...path, index]));
    if (node.type !== "string") return node.value;
    const result = interpolate(String(node.value), sources);
    if ("text" in result) return result.text;
    report(node, path, `${result.problem}.`);
    return node.value;
  };
  return read;
}

function placeOf(tree: Node | undefined, path: Path, what: "value" | "key"): number {
  if (tree === undefined) return 0;
  for (let length = path.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(tree, path.slice(0, length));
    if (node === undefined) continue;
    const { type, parent } = node;
    const key = parent?.type === "property" ? parent.offset : node.offset;
    // An object or list is best found at the key that names it.
    const isWide = type === "object" || type === "array" || length < path.length;
    return isWide || what === "key" ? key : node.offset;
  }
  return tree.offset;
}

function createPlaces(text: string): (offset: number) => { line: number; column: number } {
  return (offset) => {
    const before = text.slice(0, offset);
    const line = before.split("\n").length;
    return { line, column: offset - before.lastIndexOf("\n") };
  };
}

/** `PropertyNameExpected` as "a property name is expected". */
function wordsOf(error: ParseErrorCode): string {
  const words = printParseErrorCode(error)
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
  return words.endsWith(" expected")
    ? `${words.replace(/ expected$/, "")} is expected here`
    : `${words} here`;
}
