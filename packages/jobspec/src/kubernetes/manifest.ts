import { LineCounter, isNode, parseAllDocuments } from "yaml";
import type { Document } from "yaml";
import { unreadable } from "../_fault.ts";
import { fieldsAt, textOf } from "../jobspec/json.ts";
import type { Fields } from "../jobspec/json.ts";

/** A Job of a manifest, and where its parts are in the source. */
export interface Manifest {
  readonly job: Fields;
  /** Line of what is at a path. */
  lineOf(path: readonly (string | number)[]): number | undefined;
  /** Kinds of the other documents. */
  readonly others: readonly string[];
}

function toFields(document: Document): Fields {
  try {
    return fieldsAt(document.toJS({ maxAliasCount: 100 }));
  } catch (error) {
    throw unreadable("The YAML expands to more than is read: write its aliases out.", undefined, error);
  }
}

/** Finds the Job in a manifest, YAML or JSON, one document or several. */
export function parseManifest(text: string): Manifest {
  const lineCounter = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter, stringKeys: true });
  const documents: Document[] = Array.isArray(parsed) ? parsed : [];
  for (const { errors } of documents) {
    const [error] = errors;
    if (error === undefined) continue;
    throw unreadable(
      `${error.message.split("\n")[0]?.replace(/ at line .*$/, "")}.`,
      lineCounter.linePos(error.pos[0]).line,
      error,
    );
  }
  const read = documents.map((document) => ({ document, fields: toFields(document) }));
  const found = read.find(({ fields }) => fields["kind"] === "Job");
  if (found === undefined) throw unreadable("The manifest holds no Job (kind: Job of batch/v1).");
  return {
    job: found.fields,
    lineOf: (path) => {
      const node = found.document.getIn(path, true);
      return isNode(node) && node.range ? lineCounter.linePos(node.range[0]).line : undefined;
    },
    others: read.filter((each) => each !== found).map(({ fields }) => textOf(fields["kind"] ?? "nothing")),
  };
}
