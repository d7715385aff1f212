import { ParleyError } from "@parley/core";
import type { ErrorCode } from "@parley/core";

interface Asked {
  readonly model: string;
  readonly keyName: string;
  /** Cut out of every message. */
  readonly key: string;
}

interface ApiFault {
  readonly statusCode?: number | undefined;
  readonly responseHeaders?: Readonly<Record<string, string>> | undefined;
}

const longestReason = 300;

/** What went wrong at a provider, as one of our errors; keys and bodies stay out of it. */
export function llmError(error: unknown, asked: Asked): ParleyError {
  const own = chain(error).find((one) => ParleyError.isInstance(one));
  if (ParleyError.isInstance(own)) return own;
  const fault = chain(error).find(isApiFault);
  const reason = reasonOf(error, asked.key);
  // An answer with a status of success is one that the SDK could not read.
  const unread = fault === undefined || (fault.statusCode !== undefined && fault.statusCode < 300);
  if (unread || fault.statusCode === undefined) {
    const code: ErrorCode = unread ? "E_LLM_OUTPUT" : "E_LLM_UNREACHABLE";
    const what = unread ? "answered something that cannot be read" : "cannot be reached";
    return new ParleyError(code, `The model ${asked.model} ${what}: ${reason}.`);
  }
  return byStatus(fault.statusCode, { ...asked, reason, headers: fault.responseHeaders });
}

function byStatus(
  status: number,
  about: Asked & { reason: string; headers: ApiFault["responseHeaders"] },
): ParleyError {
  const { model, keyName, reason } = about;
  const details = { status };
  if (status === 401 || status === 403) {
    return new ParleyError("E_LLM_KEY", `The model ${model} refused the key; look at ${keyName}.`, {
      details,
    });
  }
  if (status === 429) {
    const seconds = Number(about.headers?.["retry-after"]);
    const wait = Number.isFinite(seconds) && seconds >= 0 ? { retryAfterMs: seconds * 1000 } : {};
    return new ParleyError("E_LLM_RATE_LIMITED", `The model ${model} takes no more questions now: wait.`, {
      details: { ...details, ...wait },
    });
  }
  const passes = status === 408 || status >= 500;
  return new ParleyError(
    passes ? "E_LLM_UNREACHABLE" : "E_LLM_REFUSED",
    `The model ${model} answered with status ${status}: ${reason}.`,
    { details },
  );
}

/** An error and what caused it, outermost first. */
function chain(error: unknown): readonly unknown[] {
  const found: unknown[] = [];
  for (let one = error; one !== undefined && one !== null && found.length < 8;) {
    found.push(one);
    const inner: unknown =
      typeof one !== "object"
        ? undefined
        : "lastError" in one
          ? one.lastError
          : "cause" in one
            ? one.cause
            : undefined;
    one = inner;
  }
  return found;
}

/** An `APICallError` of the SDK, by its shape: a second copy of the SDK throws the same. */
function isApiFault(value: unknown): value is ApiFault {
  if (!(value instanceof Error)) return false;
  return value.name === "AI_APICallError" || value.name === "TypeError";
}

/** The first line of what the provider said, without the key. */
function reasonOf(error: unknown, key: string): string {
  const said = error instanceof Error ? error.message : "no reason given";
  const line = (said.split("\n", 1)[0] ?? "").replaceAll(/\p{Cc}/gu, " ").slice(0, longestReason);
  const clean = key === "" ? line : line.replaceAll(key, "***");
  return clean.replace(/\.$/, "");
}
