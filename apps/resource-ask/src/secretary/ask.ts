import { ExitCode, factorTable, newId, systemClock } from "@parley/core";
import type { Proposal } from "@parley/core";
import { ExitWith } from "@parley/cli";
import type { Io } from "@parley/cli";
import { openModel } from "@parley/llm/open";
import type { OpenModel } from "@parley/llm/open";
import { createSecretary, expandSoftwareNames } from "@parley/secretary";
import type { WordReader } from "@parley/secretary";
import type { CommandInput } from "../dependencies.ts";
import { clean } from "../render/clean.ts";
import { readOffers } from "../render/offer.ts";
import { renderClauses, renderOffers } from "../render/proposals.ts";
import { renderUnderstood } from "../render/request.ts";
import { readWords, requireRequest } from "../request/words.ts";
import { understand } from "../request/understood.ts";
import { output } from "../session.ts";
import { askOptions } from "./options.ts";
import { readSecretaryOptions } from "./read-options.ts";
import { openSite } from "./site.ts";

/** Lets the secretary of this machine, or of a simulated site, answer a request. */
export async function runAsk(input: CommandInput): Promise<void> {
  const values = readSecretaryOptions(input, askOptions);
  const { io, dependencies } = input;
  const words = await readWords(input.args, dependencies);
  requireRequest(words, undefined);
  const { requirements } = understand(words, undefined, (dependencies.clock ?? systemClock).now());
  const say = output(io, values);
  const model = await openModel(values, { env: io.env });
  const site = await say.during("Looking around", async () => openSite(values, io));
  try {
    const reader = await readerOf(model, values.llmTimeout);
    const secretary = createSecretary({ site, expand: expandSoftwareNames, reader });
    const { objectives: _private, ...shared } = requirements;
    const call = {
      schema: "call-for-proposals/1" as const,
      negotiationId: newId("neg"),
      requirements: shared,
      factors: [...factorTable],
    };
    const proposal = await say.during("Asking the secretary", async () =>
      secretary.propose(call, { signal: io.signal }),
    );
    say.print(proposal, () => `${renderUnderstood(requirements, io)}\n\n${render(proposal, io)}`);
    if (proposal.verdict !== "READY" && proposal.verdict !== "BUSY") throw new ExitWith(ExitCode.unsatisfied);
  } finally {
    await site.close();
    await model.close();
  }
}

async function readerOf({ model }: OpenModel, seconds: number): Promise<WordReader | undefined> {
  if (model === undefined) return undefined;
  const { createWordReader } = await import("@parley/secretary/model");
  return createWordReader({ model, timeoutMs: seconds * 1000 });
}

function render(proposal: Proposal, io: Pick<Io, "colors" | "width">): string {
  const offers = readOffers({ [proposal.workerId]: { data: { structured: proposal } } });
  const notes = proposal.constraints.map((note) => `Note: ${clean(note, 300)}`);
  return [renderOffers(offers, io), renderClauses(offers, io), ...notes]
    .filter((part) => part !== "")
    .join("\n\n");
}
