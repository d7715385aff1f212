import { listPrompt, listTool } from "@parley/tool-registry";
import type { Offered } from "../pins/definition.ts";
import type { Upstream } from "../upstream/upstream.ts";

/**
 * What several servers say of themselves, each definition once. Where two of them say different things of one tool both
 * stand there, so that a pin is compared with each: calls go to either.
 */
export function createJointOffer(upstreams: readonly Upstream[]): () => Offered {
  let made: { readonly of: readonly Offered[]; readonly joint: Offered } | undefined;
  return () => {
    const of = upstreams.map(({ offered }) => offered);
    if (made === undefined || of.some((each, index) => each !== made?.of[index])) {
      made = { of, joint: joined(of) };
    }
    return made.joint;
  };
}

function joined(offers: readonly Offered[]): Offered {
  const instructions = offers.find((offer) => offer.instructions !== undefined)?.instructions;
  return {
    tools: once(
      offers.flatMap(({ tools }) => tools),
      listTool,
    ),
    prompts: once(
      offers.flatMap(({ prompts }) => prompts),
      listPrompt,
    ),
    ...(instructions === undefined ? {} : { instructions }),
  };
}

function once<Item>(items: readonly Item[], list: (item: Item) => unknown): readonly Item[] {
  return [...new Map(items.map((item) => [JSON.stringify(list(item)), item])).values()];
}
