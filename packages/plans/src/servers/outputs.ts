import type { Fault } from "../machine/events.ts";
import type { CallResult } from "./call-tool.ts";

type Values = Readonly<Record<string, unknown>>;

const statuses = ["return_code", "returncode", "retval", "return_value", "exit_code"];

/** What later steps see of a result: its fields, and `text`. */
export function outputsOf({ text, structured }: Pick<CallResult, "text" | "structured">): Values {
  const fields = structured ?? jsonObject(text);
  return { text, ...fields };
}

/** The object a text is, or that stands in its fence; nothing when it is none. */
function jsonObject(text: string): Values | undefined {
  for (const candidate of [text, fenced(text)]) {
    if (candidate === undefined || !candidate.trimStart().startsWith("{")) continue;
    try {
      const value: unknown = JSON.parse(candidate);
      if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
    } catch {
      // Text that only looks like JSON stays text.
    }
  }
  return undefined;
}

/** What stands between the first fence and the last. */
function fenced(text: string): string | undefined {
  const opening = text.indexOf("```");
  const from = opening === -1 ? -1 : text.indexOf("\n", opening);
  const to = text.lastIndexOf("\n```");
  return from === -1 || to <= from ? undefined : text.slice(from + 1, to);
}

/** Whether outputs tell of a failure: `error` or `errors` that are not empty, or a status of a program that is not 0. */
export function faultIn(outputs: Values): Fault | undefined {
  for (const key of ["error", "errors"]) {
    const value = outputs[key];
    if (value === undefined || value === null || value === false || value === "") continue;
    if (Array.isArray(value) && value.length === 0) continue;
    if (typeof value === "object" && !Array.isArray(value) && Object.keys(value).length === 0) continue;
    return {
      code: "E_TOOL_FAILED",
      message: sentence(typeof value === "string" ? value : JSON.stringify(value)),
    };
  }
  for (const key of statuses) {
    const value = outputs[key];
    if (typeof value === "number" && value !== 0) {
      return { code: "E_TOOL_FAILED", message: `It ended with ${key} ${value}.` };
    }
  }
  return undefined;
}

/** The beginning of what somebody said, as the message of a fault. */
export function sentence(text: string): string {
  const clean = text.replaceAll(/[^\P{Cc}\n\t]/gu, " ").trim();
  return clean.length <= 2000 ? clean || "It failed and did not say why." : `${clean.slice(0, 1999)}…`;
}
