import { isRecord } from "../records.ts";

/** What the API keeps for itself: it differs without anybody having changed anything. */
const bookkeeping = new Set([
  "/status",
  "/metadata/managedFields",
  "/metadata/resourceVersion",
  "/metadata/generation",
  "/metadata/uid",
  "/metadata/creationTimestamp",
]);

/** Where two states of one object differ, as JSON pointers to the outermost parts that do. */
export function changedFields(before: unknown, after: unknown, path = ""): readonly string[] {
  if (bookkeeping.has(path) || Object.is(before, after)) return [];
  if (isRecord(before) && isRecord(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) =>
      changedFields(before[key], after[key], `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`),
    );
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item: unknown, at) => changedFields(item, after[at], `${path}/${String(at)}`));
  }
  return [path];
}
