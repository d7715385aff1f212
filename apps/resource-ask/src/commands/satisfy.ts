import { ExitCode, ParleyError } from "@parley/core";
import { ExitWith } from "@parley/cli";
import { askSites, nobodyCan, readAsk, understoodLine } from "../ask.ts";
import type { NegotiationAnswer } from "../client/answers.ts";
import type { CommandInput } from "../dependencies.ts";
import { commandOptions } from "../options.ts";
import { clean } from "../render/clean.ts";
import { readOffers } from "../render/offer.ts";
import { renderClauses, renderOffers } from "../render/proposals.ts";
import { readOptions, withHub } from "../session.ts";
import type { Session } from "../session.ts";

/** Asks every site and shows what each says. */
export async function runSatisfy(input: CommandInput): Promise<void> {
  const values = readOptions(input, commandOptions.satisfy);
  const request = await readAsk(input, values);
  await withHub(input, async (session) => {
    const asked = await askSites(session, request);
    const negotiation = session.json ? await withFacts(session, asked) : asked;
    const offers = readOffers(negotiation.proposals);
    const id = clean(negotiation.negotiation_id, 64);
    session.print(negotiation, () => {
      const parts = [understoodLine(negotiation, session) + renderOffers(offers, session.io)];
      if (values.explain) parts.push(renderClauses(offers, session.io));
      return [...parts, `Negotiation ${id}`].join("\n\n");
    });
    if (!offers.some(({ verdict }) => verdict === "READY" || verdict === "BUSY")) {
      session.notice(`\n${nobodyCan}`);
      throw new ExitWith(ExitCode.unsatisfied);
    }
    session.notice(`Next: ${session.command(`select --negotiation ${id}`)}`);
  });
}

/** The saved document holds what selection rests on, so that `select --proposals` can use it later. */
async function withFacts(session: Session, negotiation: NegotiationAnswer): Promise<NegotiationAnswer> {
  try {
    return await session.client.negotiation(negotiation.negotiation_id, {
      full: true,
      signal: session.signal,
    });
  } catch (error) {
    if (ParleyError.isInstance(error) && error.code === "E_INTERRUPTED") throw error;
    return negotiation;
  }
}
