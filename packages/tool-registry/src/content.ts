import type { ContentBlock } from "./definitions.ts";

/** Who a block is for and how much it matters, from 0 to 1. */
export interface ContentAnnotations {
  readonly audience?: readonly ("user" | "assistant")[] | undefined;
  readonly priority?: number | undefined;
  /** ISO 8601. */
  readonly lastModified?: string | undefined;
}

/** A picture, in bytes or base64. */
export function image(
  data: Uint8Array | string,
  mimeType: string,
  annotations?: ContentAnnotations,
): ContentBlock {
  return { type: "image", data: base64(data), mimeType, ...annotated(annotations) };
}

/** A recording, in bytes or base64. */
export function audio(
  data: Uint8Array | string,
  mimeType: string,
  annotations?: ContentAnnotations,
): ContentBlock {
  return { type: "audio", data: base64(data), mimeType, ...annotated(annotations) };
}

/** A resource carried inside a result: text, or bytes sent as base64. */
export function embeddedResource(
  resource: { readonly uri: string; readonly mimeType?: string; readonly data: string | Uint8Array },
  annotations?: ContentAnnotations,
): ContentBlock {
  const { uri, mimeType, data } = resource;
  const body = typeof data === "string" ? { text: data } : { blob: base64(data) };
  return {
    type: "resource",
    resource: { uri, ...(mimeType === undefined ? {} : { mimeType }), ...body },
    ...annotated(annotations),
  };
}

/** A pointer to a resource that the client may read. */
export function resourceLink(
  link: {
    readonly uri: string;
    readonly name: string;
    readonly description?: string;
    readonly mimeType?: string;
  },
  annotations?: ContentAnnotations,
): ContentBlock {
  return { type: "resource_link", ...link, ...annotated(annotations) };
}

function annotated(annotations: ContentAnnotations | undefined): { annotations?: ContentAnnotations } {
  return annotations === undefined ? {} : { annotations };
}

function base64(data: Uint8Array | string): string {
  return typeof data === "string" ? data : Buffer.from(data).toString("base64");
}
