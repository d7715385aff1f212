import { createReadStream } from "node:fs";
import { LineCounter, parseDocument, visit } from "yaml";
import type { Document, Scalar } from "yaml";
import { ParleyError } from "@parley/core/errors";
import { findPlace } from "./file-place.ts";
import { interpolate } from "./interpolate.ts";
import type { FilePlace, FileSource } from "./settle.ts";

const maxBytes = 1_048_576;
const unreadable: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "a part of the path is a file",
  EISDIR: "it is a directory",
  EACCES: "this user may not read it",
};

export interface ConfigFileOptions {
  /** What `${NAME}` in values is taken from; absent leaves them as they stand. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** A YAML configuration file, read and parsed but not yet checked against any options. */
export interface ConfigFile extends FileSource {
  readonly at: (key: string) => FilePlace | undefined;
  /** Variables it names that are not set, and the like. The values concerned are absent. */
  readonly problems: readonly ParleyError[];
}

/**
 * Reads a YAML (or JSON) file whose top level is a mapping, at most 1 MiB of UTF-8.
 * @throws {@link ParleyError} `E_CONFIG_INVALID` with file, line and column
 */
export async function readConfigFile(path: string, options: ConfigFileOptions = {}): Promise<ConfigFile> {
  const lines = new LineCounter();
  const document = parseDocument(await readText(path), { lineCounter: lines, prettyErrors: false });
  const [fault] = [...document.errors, ...document.warnings];
  const position = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  if (fault) throw invalid(`${position(fault.pos[0])}: ${fault.message}`);
  const loose = danglingAlias(document);
  if (loose)
    throw invalid(`${position(loose.offset)}: no "&${loose.name}" stands before the alias "*${loose.name}".`);
  const { replaced, problems } = options.env ? fillIn(document, options.env) : nothing;
  const at: ConfigFile["at"] = (key) => findPlace(key, { document, lines, replaced });
  return {
    path,
    values: mapping(document, path),
    at,
    problems: problems.map(({ offset, text }) => invalid(`${position(offset)}: ${text}`)),
  };
}

function danglingAlias(document: Document): { readonly offset: number; readonly name: string } | undefined {
  const anchors = new Set<string>();
  let found: { offset: number; name: string } | undefined;
  visit(document, {
    Value(_key, node) {
      if (node.anchor !== undefined) anchors.add(node.anchor);
    },
    Alias(_key, node) {
      if (anchors.has(node.source)) return undefined;
      found = { offset: node.range?.[0] ?? 0, name: node.source };
      return visit.BREAK;
    },
  });
  return found;
}

interface FilledIn {
  /** Offsets of the values that came out of variables. */
  readonly replaced: readonly number[];
  readonly problems: readonly { readonly offset: number; readonly text: string }[];
}

const nothing: FilledIn = { replaced: [], problems: [] };

function fillIn(document: Document, env: NonNullable<ConfigFileOptions["env"]>): FilledIn {
  const replaced: number[] = [];
  const problems: { offset: number; text: string }[] = [];
  visit(document, {
    Scalar(key, node) {
      if (key === "key" || typeof node.value !== "string" || !node.value.includes("$")) return;
      const offset = node.range?.[0] ?? 0;
      const result = interpolate(node.value, env);
      if ("problem" in result) problems.push({ offset, text: result.problem });
      if ("text" in result && result.changed) replaced.push(offset);
      node.value = "text" in result ? typed(node, result.text) : null;
    },
  });
  return { replaced, problems };
}

/** An unquoted value is a number if it reads back as the very same text; one that came to nothing is absent. */
function typed(node: Scalar, text: string): unknown {
  if (text === "") return null;
  const number = Number(text);
  return node.type === "PLAIN" && String(number) === text && Number.isFinite(number) ? number : text;
}

function mapping(document: Document, path: string): Readonly<Record<string, unknown>> {
  const values = plain(document, path) ?? {};
  if (typeof values !== "object" || Array.isArray(values)) {
    throw invalid(`${path}: the top level must be a mapping such as "server:".`);
  }
  return Object.fromEntries(Object.entries(values));
}

function plain(document: Document, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    // The library throws where aliases of aliases would expand without bound.
    throw invalid(`${path}: ${error instanceof Error ? error.message : String(error)}.`, error);
  }
}

/** Reads no more than the limit, whatever the path leads to. */
async function readText(path: string): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of createReadStream(path, { end: maxBytes })) chunks.push(Buffer.from(chunk));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw invalid(`--config ${path}: ${unreadable[code] ?? code}.`, error);
  }
  const bytes = Buffer.concat(chunks);
  if (bytes.length > maxBytes) throw invalid(`${path}: larger than 1 MiB.`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw invalid(`${path}: not UTF-8 text.`, error);
  }
}

function invalid(message: string, cause?: unknown): ParleyError {
  return new ParleyError("E_CONFIG_INVALID", message, { cause });
}
