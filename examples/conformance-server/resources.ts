import { defineResource, type Resource } from "@parley/tool-registry";
import { png } from "./media.ts";

export const resources: readonly Resource[] = [
  defineResource({
    name: "static-text",
    uri: "test://static-text",
    description: "Text that never changes.",
    mimeType: "text/plain",
    cache: { ttlMs: 60_000, scope: "public" },
    handler: () => "This is the content of the static text resource.",
  }),
  defineResource({
    name: "static-binary",
    uri: "test://static-binary",
    description: "A picture that never changes.",
    mimeType: "image/png",
    handler: () => Buffer.from(png, "base64"),
  }),
  defineResource({
    name: "watched-resource",
    uri: "test://watched-resource",
    description: "A resource that may be watched.",
    mimeType: "text/plain",
    handler: () => "Watched resource content",
  }),
  defineResource({
    name: "template",
    uriTemplate: "test://template/{id}/data",
    description: "Data by id.",
    mimeType: "application/json",
    complete: { id: ["1", "12", "123"] },
    handler: (_uri, _context, { id }) =>
      JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` }),
  }),
];
