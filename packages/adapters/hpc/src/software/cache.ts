import type { Call } from "../call.ts";

/** What was read, and when. */
interface Kept {
  readonly at: number;
  readonly value: unknown;
}

/** How {@link cached} keeps a listing that is slow to make and seldom changes. */
export interface CacheOptions<Value> {
  readonly key: string;
  readonly maxAgeMs: number;
  /** Whether one kept may be used. */
  readonly use: boolean;
  /** Whether what was kept is of this kind. */
  is(value: unknown): value is Value;
  read(): Promise<Value>;
}

/** Reads through what the calls of one toolkit keep. Failures are not kept. */
export async function cached<Value>(call: Call, options: CacheOptions<Value>): Promise<Value> {
  const { key, maxAgeMs, use } = options;
  const found = call.kept.get(key);
  const fresh = isKept(found) && call.now() - found.at < maxAgeMs ? found.value : undefined;
  if (use && options.is(fresh)) return fresh;
  const value = await options.read();
  const kept: Kept = { at: call.now(), value };
  call.kept.set(key, kept);
  return value;
}

function isKept(value: unknown): value is Kept {
  return (
    typeof value === "object" &&
    value !== null &&
    "at" in value &&
    typeof value.at === "number" &&
    "value" in value
  );
}

/** Whether a value is a list of texts. */
export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
