import {
  type ClientCapabilities,
  inputRequired,
  type InputRequiredResult,
} from "@modelcontextprotocol/server";
import { digest, ParleyError } from "@parley/core";
import {
  type Asking,
  type AskKind,
  createAsking,
  type Question,
  type Questions,
} from "@parley/tool-registry";
import type { Era } from "./eras.ts";
import { CallState, invalidState, type StateSeal } from "./request-state.ts";

/** What one run of a call brought along. */
export interface Round {
  readonly era: Era;
  readonly capabilities: ClientCapabilities | undefined;
  /** Answers to the questions of the run before, untrusted. */
  readonly responses?: Readonly<Record<string, unknown>> | undefined;
  /** The state of the runs before, its seal already checked. */
  readonly state?: unknown;
}

/** A call's questions, and what became of them. */
export interface CallAsking {
  readonly asking: Asking;
  /** The questions that ended this run; `undefined` when it asked none, or all were answered. */
  readonly unanswered: () => Promise<InputRequiredResult | undefined>;
}

interface CallAskingOptions {
  readonly round: Round;
  readonly seal: StateSeal;
  /** Everything that makes this call this call; a state of another call is refused. */
  readonly identity: () => readonly unknown[];
}

type Open = Readonly<Record<string, unknown>>;

/** @throws a `-32602` protocol error for the state of another call */
export function createCallAsking({ round, seal, identity }: CallAskingOptions): CallAsking {
  const past = round.state === undefined ? undefined : openState(round.state, identity());
  let pending: Record<string, Question<unknown>> | undefined;
  let answers: Record<string, unknown> | undefined;
  let kept: Record<string, unknown> | undefined;

  const answerTo = (key: string, question: Question<unknown>): unknown => {
    const before = own(past?.asked, key);
    if (before !== undefined && before !== fingerprint(question)) return undefined;
    const raw = own(past?.answers, key) ?? own(round.responses, key);
    const answer = question.read(raw);
    if (answer !== undefined) (answers ??= {})[key] = raw;
    return answer;
  };

  const asking = createAsking({
    canAsk: (kind) => canAskIn(round.capabilities, kind),
    async input(questions) {
      requireSupport(round.capabilities, questions);
      const found: Record<string, unknown> = {};
      for (const [key, question] of Object.entries(questions)) {
        const answer = answerTo(key, question);
        if (answer === undefined) (pending ??= {})[key] = question;
        else found[key] = answer;
      }
      if (Object.keys(questions).some((key) => !Object.hasOwn(found, key))) throw waiting();
      // Each value is what its question's `read` made of the answer.
      return found as never;
    },
    async once(key, produce) {
      const known = own(past?.kept, key) ?? own(kept, key);
      if (known !== undefined) return known as Awaited<ReturnType<typeof produce>>;
      const value: unknown = JSON.parse(JSON.stringify((await produce()) ?? null));
      (kept ??= {})[key] = value;
      return value as Awaited<ReturnType<typeof produce>>;
    },
  });

  return {
    asking,
    async unanswered() {
      if (pending === undefined) return undefined;
      const asked = Object.entries(pending).map(([key, question]) => [key, fingerprint(question)] as const);
      const requestState = await seal.seal({
        call: digest(identity()),
        answers: { ...past?.answers, ...answers },
        asked: { ...past?.asked, ...Object.fromEntries(asked) },
        kept: { ...past?.kept, ...kept },
      });
      return inputRequired({ inputRequests: wireQuestions(pending), requestState });
    },
  };
}

function openState(state: unknown, identity: readonly unknown[]): CallState {
  const parsed = CallState.safeParse(state);
  if (!parsed.success || parsed.data.call !== digest(identity)) throw invalidState();
  return parsed.data;
}

type InputRequests = NonNullable<InputRequiredResult["inputRequests"]>;

function wireQuestions(questions: Questions): InputRequests {
  const entries = Object.entries(questions).map(
    ([key, { method, params }]) => [key, { method, params }] as const,
  );
  // A question made by `ask` has the shape of the protocol's request of its method.
  return Object.fromEntries(entries) as unknown as InputRequests;
}

/** A question and its form, so that no answer counts for one that has changed since. */
function fingerprint({ method, params }: Question<unknown>): string {
  return digest([method, params]).slice(0, 16);
}

const required: Readonly<Record<AskKind, Open>> = {
  form: { elicitation: { form: {} } },
  url: { elicitation: { url: {} } },
  model: { sampling: {} },
  roots: { roots: {} },
};

/** Whether a client with these capabilities can be asked in one way. */
export function canAskIn(capabilities: ClientCapabilities | undefined, kind: AskKind): boolean {
  if (kind === "model") return capabilities?.sampling !== undefined;
  if (kind === "roots") return capabilities?.roots !== undefined;
  const elicitation = capabilities?.elicitation;
  if (elicitation === undefined) return false;
  // A bare `elicitation: {}` is how clients said "form" before there were modes.
  return kind === "url"
    ? elicitation.url !== undefined
    : elicitation.form !== undefined || elicitation.url === undefined;
}

function requireSupport(capabilities: ClientCapabilities | undefined, questions: Questions): void {
  const missing = Object.values(questions).filter(({ kind }) => !canAskIn(capabilities, kind));
  const [first] = missing;
  if (first === undefined) return;
  const requiredCapabilities = Object.assign({}, ...missing.map(({ kind }) => required[kind])) as Open;
  throw new ParleyError(
    "E_INPUT_UNSUPPORTED",
    `This call needs ${first.method} of its client, which declares no ${Object.keys(requiredCapabilities).join(" or ")}; call it from a client that does.`,
    { details: { requiredCapabilities } },
  );
}

function waiting(): ParleyError {
  return new ParleyError(
    "E_INPUT_REQUIRED",
    "The call goes on when its client has answered; let this error pass.",
  );
}

function own(values: Open | undefined, key: string): unknown {
  return values !== undefined && Object.hasOwn(values, key) ? values[key] : undefined;
}
