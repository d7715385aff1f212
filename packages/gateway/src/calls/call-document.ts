import type { Question } from "@parley/tool-registry";
import type { KeptCall } from "./call-desk.ts";
import type { CallProgress } from "./rest-call.ts";

/** A question as a caller over REST sees it. */
interface ShownQuestion {
  /** A form for a person, a page to open, or a request to a model. */
  readonly kind: "form" | "url" | "model";
  readonly message?: string | undefined;
  /** JSON Schema of the content of an accepted form. */
  readonly schema?: unknown;
  readonly url?: string | undefined;
  /** What MCP's `sampling/createMessage` holds. */
  readonly request?: Readonly<Record<string, unknown>> | undefined;
}

/** A call that has not ended, as its address shows it. */
export interface CallDocument {
  readonly id: string;
  readonly status: "running" | "input_required";
  /** Where to ask for it, answer it and cancel it. */
  readonly href: string;
  readonly progress?: CallProgress | undefined;
  readonly questions?: Readonly<Record<string, ShownQuestion>> | undefined;
  /** ISO-8601 UTC: until then the questions can be answered. */
  readonly expiresAt?: string | undefined;
}

/** @param base - the address of all calls, without a final slash */
export function callDocument({ id, call, expiresAt }: KeptCall, base: string): CallDocument {
  const questions = [...call.questions].map(([key, question]) => [key, shownQuestion(question)] as const);
  const { progress } = call;
  return {
    id,
    status: questions.length > 0 ? "input_required" : "running",
    href: `${base}/${id}`,
    ...(progress === undefined ? {} : { progress }),
    ...(questions.length === 0 ? {} : { questions: Object.fromEntries(questions) }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

function shownQuestion({ kind, params }: Question<unknown>): ShownQuestion {
  const { message, requestedSchema, url } = params;
  const said = typeof message === "string" ? { message } : {};
  if (kind === "model" || kind === "roots") return { kind: "model", request: params };
  if (kind === "url") return { kind, ...said, ...(typeof url === "string" ? { url } : {}) };
  return { kind, ...said, schema: requestedSchema ?? { type: "object" } };
}
