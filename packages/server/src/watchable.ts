import type { Registry, Watcher } from "@parley/tool-registry";
import { lookUpResource } from "./find-resource.ts";
import { isOpen } from "./is-open.ts";
import { maxWatched } from "./watch-list.ts";

/** Whether somebody may hear of changes of a URI; another's resource is as unknown as one that never was. */
export function mayWatch({ resources }: Pick<Registry, "resources">, uri: string, who: Watcher): boolean {
  const resource = lookUpResource(resources, uri)?.resource;
  return resource !== undefined && (resource.mayWatch?.(uri, who) ?? true);
}

/**
 * The body of a `subscriptions/listen` without the resources its caller may not watch and those beyond {@link maxWatched}:
 * the acknowledgement then leaves them out, as the protocol has it. Any other body comes back as it is.
 * @returns a URI that is refused instead, where the request asks for nothing else
 */
export function narrowListen(
  registry: Pick<Registry, "resources">,
  body: unknown,
  who: Watcher,
): { readonly body: unknown } | { readonly refused: string } {
  if (!isOpen(body) || body["method"] !== "subscriptions/listen" || !isOpen(body["params"])) return { body };
  const { notifications } = body["params"];
  const uris = isOpen(notifications) ? notifications["resourceSubscriptions"] : undefined;
  if (!isOpen(notifications) || !isTexts(uris)) return { body };
  const watched = uris.slice(0, maxWatched).filter((uri) => mayWatch(registry, uri, who));
  const [first] = uris;
  if (first !== undefined && watched.length === 0 && !Object.values(notifications).includes(true)) {
    return { refused: first };
  }
  const narrowed = { ...notifications, resourceSubscriptions: watched };
  return { body: { ...body, params: { ...body["params"], notifications: narrowed } } };
}

/** What is no list of strings is the SDK's to refuse. */
function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
