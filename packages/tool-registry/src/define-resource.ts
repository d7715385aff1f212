import { ParleyError } from "@parley/core";
import type { Resource, ToolContext } from "./definitions.ts";

/** What reading a resource yields: text, bytes (sent as base64), or whole content items. */
export type ResourceReturn = string | Uint8Array | Awaited<ReturnType<Resource["read"]>>;

/** How {@link defineResource} is called: with `uri` for one resource, `uriTemplate` (RFC 6570) for a family. */
export interface ResourceOptions {
  readonly name: string;
  readonly uri?: string | undefined;
  readonly uriTemplate?: string | undefined;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly mimeType?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  handler(uri: string, context: ToolContext): Promise<ResourceReturn> | ResourceReturn;
}

/** Defines a resource. @throws `E_TOOL_INVALID` unless exactly one of `uri` and `uriTemplate` is given */
export function defineResource(options: ResourceOptions): Resource {
  const { name, uri, uriTemplate, title, description, mimeType, tags } = options;
  const known = { name, uri, uriTemplate, title, description, mimeType, tags };
  if ((known.uri === undefined) === (known.uriTemplate === undefined)) {
    throw new ParleyError(
      "E_TOOL_INVALID",
      `Resource "${known.name}" needs a uri or a uriTemplate, not both.`,
    );
  }
  return {
    ...known,
    async read(uri, context) {
      const found = await options.handler(uri, context);
      const mimeType = known.mimeType === undefined ? {} : { mimeType: known.mimeType };
      if (typeof found === "string") return [{ uri, ...mimeType, text: found }];
      if (!(found instanceof Uint8Array)) return found;
      return [{ uri, ...mimeType, blob: Buffer.from(found).toString("base64") }];
    },
  };
}
