import { isRecord } from "../record.ts";

/** One place at which two definitions differ. */
export interface Difference {
  /** Such as `inputSchema.properties.city.description`. */
  readonly where: string;
  /** Absent where there was nothing. */
  readonly before?: unknown;
  /** Absent where there is nothing now. */
  readonly after?: unknown;
}

/** Places shown at most. */
const maxPlaces = 50;

/** Where two values of JSON differ, place by place. */
export function differences(before: unknown, after: unknown): readonly Difference[] {
  const found: Difference[] = [];
  compare(before, after, { path: "", found });
  return found;
}

function compare(
  before: unknown,
  after: unknown,
  at: { readonly path: string; readonly found: Difference[] },
): void {
  const { path, found } = at;
  if (found.length >= maxPlaces || JSON.stringify(before) === JSON.stringify(after)) return;
  const [left, right] = [fieldsOf(before), fieldsOf(after)];
  if (left === undefined || right === undefined || Array.isArray(before) !== Array.isArray(after)) {
    found.push({
      where: path === "" ? "all of it" : path,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    });
    return;
  }
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    compare(left.get(key), right.get(key), { path: path === "" ? key : `${path}.${key}`, found });
  }
}

function fieldsOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (Array.isArray(value)) return new Map(value.map((item: unknown, index) => [String(index), item]));
  return isRecord(value) ? new Map(Object.entries(value)) : undefined;
}
