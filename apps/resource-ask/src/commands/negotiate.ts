import { ExitCode } from "@parley/core";
import type { Selection } from "@parley/core";
import { ExitWith } from "@parley/cli";
import { askSites, nobodyCan, readAsk, understoodLine } from "../ask.ts";
import { choose } from "../choose.ts";
import type { DispatchAnswer, NegotiationAnswer } from "../client/answers.ts";
import type { CommandInput } from "../dependencies.ts";
import { endAs, followJob } from "../follow.ts";
import { withChoice } from "../open-choice.ts";
import type { Choice } from "../open-choice.ts";
import { commandOptions } from "../options.ts";
import { renderReceipt } from "../render/job.ts";
import { readOffers } from "../render/offer.ts";
import { renderClauses, renderOffers } from "../render/proposals.ts";
import { renderSelection } from "../render/selection.ts";
import { confirmSending, requireTaken, requireTerminal, sendJob } from "../send.ts";
import { readOptions, withHub } from "../session.ts";
import type { Session } from "../session.ts";

type Values = ReturnType<typeof readNegotiateOptions>;

/** Asks, chooses and dispatches at once. */
export async function runNegotiate(input: CommandInput): Promise<void> {
  const values = readNegotiateOptions(input);
  const request = await readAsk(input, values);
  await withChoice(input, values, (choice) =>
    withHub(input, (session) => negotiate(session, { values, request, choice })),
  );
}

function readNegotiateOptions(input: CommandInput) {
  return readOptions(input, commandOptions.negotiate);
}

interface Negotiating {
  readonly values: Values;
  readonly request: Awaited<ReturnType<typeof readAsk>>;
  readonly choice: Choice;
}

async function negotiate(session: Session, { values, request, choice }: Negotiating): Promise<void> {
  if (values.ask) requireTerminal(session);
  const negotiation = await askSites(session, request);
  const id = negotiation.negotiation_id;
  show(session, understoodLine(negotiation, session) + offersText(session, negotiation, values.explain));
  const selection = await choose(session, id, choice);
  if (selection.worker_id === null) throw nobody(session, negotiation, selection);
  show(session, `\n${renderSelection({ ...selection, ranked: [] }, session.io)}`);
  if (values.dryRun) {
    if (session.json) session.print({ negotiation, selection }, () => "");
    session.notice(
      `\nNothing was sent. Next: ${session.command(`dispatch ${selection.worker_id} --negotiation ${id}`)}`,
    );
    return;
  }
  if (values.ask) await confirmSending(session, selection.worker_id);
  const dispatch = await sendJob(session, {
    workerId: selection.worker_id,
    negotiationId: id,
    idempotencyKey: values.idempotencyKey,
  });
  await finish(session, { negotiation, selection, dispatch }, values);
}

/** What a finished dispatch prints, and how the command ends. */
export async function finish(
  session: Session,
  known: { readonly dispatch: DispatchAnswer } & Readonly<Record<string, unknown>>,
  values: { readonly wait: boolean; readonly propagate: boolean; readonly noLogs: boolean },
): Promise<void> {
  const { dispatch } = known;
  show(session, `\n${renderReceipt(dispatch, session.io)}`);
  const waits = (values.wait || values.propagate) && dispatch.receipt.status === "SUCCESS";
  if (!waits) {
    if (session.json) session.print(known, () => "");
    else if (dispatch.job.state !== "FAILED") {
      session.notice(`\nNext: ${session.command(`wait ${dispatch.hub_job_id}`)}`);
    }
    requireTaken(dispatch);
    return;
  }
  show(session, "");
  const job = await followJob(session, dispatch.hub_job_id, { logs: !values.noLogs && !session.json });
  if (session.json) session.print({ ...known, job }, () => "");
  endAs(job, values);
}

function show(session: Session, text: string): void {
  if (!session.json) session.io.out(text);
}

function offersText(session: Session, negotiation: NegotiationAnswer, explain: boolean): string {
  const offers = readOffers(negotiation.proposals);
  const table = renderOffers(offers, session.io);
  return explain ? `${table}\n\n${renderClauses(offers, session.io)}` : table;
}

function nobody(session: Session, negotiation: NegotiationAnswer, selection: Selection): ExitWith {
  if (session.json) session.print({ negotiation, selection }, () => "");
  else session.io.err(`\n${nobodyCan}`);
  return new ExitWith(ExitCode.unsatisfied);
}
