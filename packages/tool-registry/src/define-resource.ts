import { ParleyError } from "@parley/core";
import type { z } from "zod";
import { type Completer, completeBy } from "./complete.ts";
import type { ContentAnnotations } from "./content.ts";
import type { CacheHint, Icon, Resource, ToolContext } from "./definitions.ts";
import { type ResourceFamilyOptions, readVariables } from "./resource-family.ts";

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
  /** In bytes, where it is known before reading. */
  readonly size?: number | undefined;
  readonly annotations?: ContentAnnotations | undefined;
  readonly icons?: readonly Icon[] | undefined;
  /** Default: what the server says for all. */
  readonly cache?: CacheHint | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Tells of changes: called when a registry takes the resource, until what it returns is called. */
  readonly watch?: Resource["watch"];
  /** Who may hear of changes; default: all who may connect. */
  readonly mayWatch?: Resource["mayWatch"];
  /** Suggests values, by variable of the template. */
  readonly complete?: Readonly<Record<string, Completer>> | undefined;
  /** @param variables - what the URI has in place of the template's variables; empty for one resource */
  handler(
    uri: string,
    context: ToolContext,
    variables: Readonly<Record<string, string | string[]>>,
  ): Promise<ResourceReturn> | ResourceReturn;
}

/** Defines a resource. @throws `E_TOOL_INVALID` unless exactly one of `uri` and `uriTemplate` is given */
export function defineResource<Input extends z.ZodObject>(options: ResourceFamilyOptions<Input>): Resource;
export function defineResource(options: ResourceOptions): Resource;
export function defineResource(given: ResourceOptions | ResourceFamilyOptions<z.ZodObject>): Resource {
  const options: ResourceOptions = "input" in given ? readVariables(given) : given;
  const { name, uri, uriTemplate, title, description, mimeType, size } = options;
  const { annotations, icons, cache, tags, complete, watch, mayWatch } = options;
  const about = { title, description, mimeType, size, annotations, icons, cache, tags };
  const known = { name, uri, uriTemplate, ...about };
  if ((known.uri === undefined) === (known.uriTemplate === undefined)) {
    throw new ParleyError(
      "E_TOOL_INVALID",
      `Resource "${known.name}" needs a uri or a uriTemplate, not both.`,
    );
  }
  return {
    ...known,
    ...(watch === undefined ? {} : { watch }),
    ...(mayWatch === undefined ? {} : { mayWatch }),
    ...(complete === undefined ? {} : { complete: completeBy(complete) }),
    async read(uri, context, variables = {}) {
      const found = await options.handler(uri, context, variables);
      const mimeType = known.mimeType === undefined ? {} : { mimeType: known.mimeType };
      if (typeof found === "string") return [{ uri, ...mimeType, text: found }];
      if (!(found instanceof Uint8Array)) return found;
      return [{ uri, ...mimeType, blob: Buffer.from(found).toString("base64") }];
    },
  };
}
