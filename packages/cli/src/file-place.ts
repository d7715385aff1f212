import { isAlias, isMap, isScalar, isSeq } from "yaml";
import type { Document, LineCounter, Node, Pair } from "yaml";
import type { FilePlace } from "./settle.ts";

export interface ParsedFile {
  readonly document: Document;
  readonly lines: LineCounter;
  /** Offsets of the values that came out of variables. */
  readonly replaced: readonly number[];
}

/** Finds where `server.port`, `tools[2].path` or `"dotted.key"` stands, or the innermost part of it that is there. */
export function findPlace(key: string, file: ParsedFile): FilePlace | undefined {
  let node = resolved(file.document.contents, file);
  let rest = key;
  let offset: number | undefined;
  while (rest !== "" && node) {
    const step = stepInto(node, rest);
    if (step === undefined) break;
    offset = step.offset;
    rest = rest.slice(step.length).replace(/^\./, "");
    node = resolved(step.value, file);
  }
  if (offset === undefined) return undefined;
  const { line, col } = file.lines.linePos(offset);
  const [from, , to] = node?.range ?? [offset, offset, offset];
  const interpolated = file.replaced.some((place) => place >= from && place <= to);
  return { line, column: col, interpolated };
}

interface Step {
  readonly offset: number;
  /** How much of the key it stands for. */
  readonly length: number;
  readonly value: unknown;
}

function stepInto(node: Node, rest: string): Step | undefined {
  if (isSeq(node)) {
    const [whole = "", index] = /^\[(\d+)\]/.exec(rest) ?? [];
    const item = node.items[Number(index)];
    const offset = rangeStart(item);
    return offset === undefined ? undefined : { offset, length: whole.length, value: item };
  }
  if (!isMap(node)) return undefined;
  const fitting = node.items
    .flatMap((pair) => spellings(pair).map((name) => ({ pair, name })))
    .filter(({ name }) => rest === name || rest.startsWith(`${name}.`) || rest.startsWith(`${name}[`))
    .toSorted((left, right) => left.name.length - right.name.length);
  const [best] = fitting;
  const offset = rangeStart(best?.pair.key);
  if (best === undefined || offset === undefined) return undefined;
  return { offset, length: best.name.length, value: best.pair.value };
}

/** A key as it is, and in quotes: how one that holds a dot is told from a path. */
function spellings({ key }: Pair): readonly string[] {
  return isScalar(key) ? [String(key.value), JSON.stringify(String(key.value))] : [];
}

function rangeStart(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined;
}

function resolved(node: unknown, { document }: ParsedFile): Node | undefined {
  if (isAlias(node)) return node.resolve(document);
  return isScalar(node) || isMap(node) || isSeq(node) ? node : undefined;
}
