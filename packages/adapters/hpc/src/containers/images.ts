import { formatBytes } from "@parley/core";
import { numberAt, textAt } from "../records.ts";
import { fullId, texts } from "./inspect-image.ts";

/** A local image. */
export interface LocalImage {
  readonly id: string;
  readonly names: string[];
  readonly size?: string;
  readonly created?: string;
}

/** Reads what `images` prints: a JSON list of podman or buildah, or docker's line per image. */
export function readImages(stdout: string): LocalImage[] {
  const text = stdout.trim();
  const entries = text.startsWith("[") ? parsed(text) : text.split("\n").map(parsed);
  const images = new Map<string, LocalImage>();
  for (const entry of Array.isArray(entries) ? entries : []) {
    const image = toImage(entry);
    if (image === undefined) continue;
    const known = images.get(image.id);
    images.set(image.id, known === undefined ? image : { ...known, names: merged(known.names, image.names) });
  }
  return [...images.values()];
}

/** The engines write the same fields in three ways. */
function either(entry: unknown, ...names: readonly string[]): string | undefined {
  return names.map((name) => textAt(entry, name)).find((text) => text !== undefined && text !== "<none>");
}

function toImage(entry: unknown): LocalImage | undefined {
  const id = fullId(either(entry, "ID", "Id", "id"));
  if (id === undefined) return undefined;
  const repository = either(entry, "Repository");
  const tag = either(entry, "Tag");
  const named = repository === undefined ? [] : [tag === undefined ? repository : `${repository}:${tag}`];
  const names = [...texts(entry, "Names"), ...texts(entry, "names")];
  const bytes = numberAt(entry, "Size") ?? numberAt(entry, "size");
  const size = bytes === undefined ? either(entry, "Size", "size") : formatBytes(bytes);
  const created = either(entry, "CreatedAt", "createdatraw", "createdat");
  return {
    id,
    names: names.length > 0 ? names : named,
    ...(size === undefined ? {} : { size }),
    ...(created === undefined ? {} : { created }),
  };
}

function merged(known: readonly string[], more: readonly string[]): string[] {
  return [...new Set([...known, ...more])];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
