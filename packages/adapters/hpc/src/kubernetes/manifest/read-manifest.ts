import { ParleyError } from "@parley/core";
import { LineCounter, isNode, parseAllDocuments } from "yaml";
import { isRecord } from "../../records.ts";
import type { ManifestFinding } from "./finding.ts";

/** An object of a manifest, and where its parts stand. */
export interface ManifestObject {
  /** 1 for the first document. */
  readonly document: number;
  readonly value: Readonly<Record<string, unknown>>;
  /** The line of what a JSON pointer means, or of the nearest part around it. */
  readonly lineOf: (pointer: string) => number;
}

/** A manifest as read. */
export interface Manifest {
  readonly objects: readonly ManifestObject[];
  readonly faults: readonly ManifestFinding[];
}

const maxDocuments = 200;

/** Reads YAML or JSON of one or several documents; a `List` counts as its items. @throws `E_ARGUMENT_INVALID` */
export function readManifest(text: string): Manifest {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true, merge: true });
  const documents = "empty" in parsed ? [] : parsed;
  if (documents.length > maxDocuments) {
    throw new ParleyError("E_ARGUMENT_INVALID", `A manifest may hold ${String(maxDocuments)} documents.`);
  }
  const objects: ManifestObject[] = [];
  const faults: ManifestFinding[] = [];
  for (const [at, document] of documents.entries()) {
    const number = at + 1;
    const fault = (line: number, message: string): void =>
      void faults.push({ document: number, line, level: "error", rule: "syntax", path: "", message });
    const lineAt = (offset: number | undefined): number => lines.linePos(offset ?? 0).line;
    for (const { message, pos } of document.errors) fault(lineAt(pos[0]), firstLine(message));
    if (document.errors.length > 0) continue;
    const value = plain(document, (message) => fault(lineAt(document.range[0]), message));
    if (value === undefined || value === null) continue;
    if (!isRecord(value)) {
      fault(lineAt(document.range[0]), "This document is no Kubernetes object.");
      continue;
    }
    const lineOf = (pointer: string): number => {
      const path = pointer.split("/").slice(1).map(unescape);
      for (let length = path.length; length >= 0; length -= 1) {
        const node =
          length === 0 ? document.contents : document.getIn(path.slice(0, length).map(index), true);
        if (isNode(node) && node.range) return lineAt(node.range[0]);
      }
      return lineAt(document.range[0]);
    };
    objects.push(...items({ document: number, value, lineOf }));
  }
  return { objects, faults };
}

/** An alias that would grow beyond measure is refused. */
function plain(
  document: { toJS(options: { maxAliasCount: number }): unknown },
  fail: (message: string) => void,
): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    fail(error instanceof Error ? firstLine(error.message) : "It cannot be read.");
    return undefined;
  }
}

function items(object: ManifestObject): readonly ManifestObject[] {
  const { value } = object;
  if (value["kind"] !== "List" || !Array.isArray(value["items"])) return [object];
  return value["items"].flatMap((item: unknown, at) =>
    isRecord(item)
      ? [
          {
            ...object,
            value: item,
            lineOf: (pointer: string) => object.lineOf(`/items/${String(at)}${pointer}`),
          },
        ]
      : [],
  );
}

const unescape = (part: string): string => part.replaceAll("~1", "/").replaceAll("~0", "~");
const index = (part: string): string | number => (/^\d{1,6}$/.test(part) ? Number(part) : part);
const firstLine = (message: string): string => message.split("\n", 1)[0] ?? message;
