import { formatBytes } from "@parley/core";
import { z } from "zod";

/** An image as one of the engines lists it; every field may be missing. */
const Listed = z.object({
  ID: z.string().optional(),
  Id: z.string().optional(),
  id: z.string().optional(),
  Repository: z.string().optional(),
  Tag: z.string().optional(),
  Names: z.array(z.string()).nullish(),
  names: z.array(z.string()).nullish(),
  Size: z.union([z.number(), z.string()]).optional(),
  size: z.union([z.number(), z.string()]).optional(),
  CreatedAt: z.string().optional(),
  createdat: z.string().optional(),
  createdatraw: z.string().optional(),
});

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

function toImage(entry: unknown): LocalImage | undefined {
  const read = Listed.safeParse(entry);
  const bare = read.success ? (read.data.ID ?? read.data.Id ?? read.data.id) : undefined;
  if (!read.success || bare === undefined) return undefined;
  const { data } = read;
  const named =
    data.Repository !== undefined && data.Repository !== "<none>" && data.Names === undefined
      ? [data.Tag === undefined || data.Tag === "<none>" ? data.Repository : `${data.Repository}:${data.Tag}`]
      : [];
  const size = data.Size ?? data.size;
  const created = data.CreatedAt ?? data.createdatraw ?? data.createdat;
  return {
    id: `sha256:${bare.replace(/^sha256:/, "")}`,
    names: data.Names ?? data.names ?? named,
    ...(size === undefined ? {} : { size: typeof size === "number" ? formatBytes(size) : size }),
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
