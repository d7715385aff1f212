import { isAlias, isMap, isScalar, isSeq } from "yaml";
import type { Document, LineCounter, Node } from "yaml";

/** Where something stands in a file. */
interface Place {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

export type PathPart = string | number;

/** Finds where a path of keys and positions stands, or the innermost part of it that is there. */
export type FindPlace = (path: readonly PropertyKey[]) => Place;

/** A finder for a parsed document. */
export function placesOf(document: Document, lines: LineCounter): FindPlace {
  return (path) => {
    let node: Node | null | undefined = document.contents;
    let offset = node?.range?.[0] ?? 0;
    for (const part of path) {
      const step = inner(isAlias(node) ? node.resolve(document) : node, part);
      if (step === undefined) break;
      ({ offset, node } = step);
    }
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
}

function inner(
  node: unknown,
  part: PropertyKey,
): { readonly offset: number; readonly node: Node | null } | undefined {
  if (isSeq(node)) {
    const item: unknown = node.items[Number(part)];
    const found = asNode(item);
    return found?.range ? { offset: found.range[0], node: found } : undefined;
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
  const key = asNode(pair?.key);
  return key?.range ? { offset: key.range[0], node: asNode(pair?.value) ?? null } : undefined;
}

function asNode(value: unknown): Node | undefined {
  return isMap(value) || isSeq(value) || isScalar(value) || isAlias(value) ? value : undefined;
}

/** `steps[2].inputs.image`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? String(part) : `${text}.${String(part)}`;
  }, "");
}
