import { isDeepStrictEqual } from "node:util";
import type { Reply, Request } from "./requests.ts";

/** One line of the comparison. */
export interface Comparison {
  readonly request: Request;
  readonly theirs: Reply;
  readonly ours: Reply;
  readonly verdict: "same" | "better" | "undocumented" | "reason without a difference";
}

export function compare(request: Request, theirs: Reply, ours: Reply): Comparison {
  const isSame = isDeepStrictEqual(seen(request, theirs), seen(request, ours));
  const verdicts = {
    same: request.better === undefined ? "same" : "reason without a difference",
    other: request.better === undefined ? "undocumented" : "better",
  } as const;
  return { request, theirs, ours, verdict: verdicts[isSame ? "same" : "other"] };
}

function seen({ compare: how }: Request, { status, text }: Reply): unknown {
  if (how === "status") return status;
  if (how === "text") return { status, text };
  return { status, value: how === "paths" ? pathsOf(text) : jsonOf(text) };
}

/** The tools' addresses in an OpenAPI document. */
export function pathsOf(text: string): readonly string[] {
  const document = jsonOf(text);
  const paths =
    typeof document === "object" && document !== null && "paths" in document ? document.paths : {};
  return Object.keys(Object(paths))
    .filter((path) => !/\/(?:resources|prompts)/.test(path))
    .toSorted();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
