/** What a caller would like of an answer (RFC 7240). */
export interface Preferences {
  /** Answer at once with an address to come back to. */
  readonly respondAsync: boolean;
  /** How long the caller will wait, in milliseconds. */
  readonly waitMs?: number | undefined;
  /** The caller answers no questions: `interaction=none`. */
  readonly asksNothing: boolean;
}

const maxWaitSeconds = 86_400;
/** One preference, its value and its parameters, which mean nothing here. */
const one = /^\s*([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s;"]*)))?\s*(?:;.*)?$/;

const none: Preferences = { respondAsync: false, asksNothing: false };

/** Reads the `Prefer` header; what is not understood is passed over, and the first of two alike counts. */
export function readPreferences(header: string | readonly string[] | undefined): Preferences {
  if (header === undefined) return none;
  const found = new Map<string, string>();
  for (const part of [header].flat().join(",").split(",", 50)) {
    const [, name, quoted, plain] = one.exec(part) ?? [];
    const key = name?.toLowerCase();
    if (key !== undefined && !found.has(key)) found.set(key, quoted ?? plain ?? "");
  }
  const wait = found.get("wait") ?? "";
  const seconds = /^\d{1,5}$/.test(wait) ? Number(wait) : 0;
  return {
    respondAsync: found.has("respond-async"),
    asksNothing: found.get("interaction")?.toLowerCase() === "none",
    ...(seconds > 0 ? { waitMs: Math.min(seconds, maxWaitSeconds) * 1000 } : {}),
  };
}
