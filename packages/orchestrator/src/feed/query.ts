import { ParleyError } from "@parley/core";
import type { Queue } from "@parley/queue";
import { z } from "zod";

const Query = z.object({
  after: z.coerce.number().int().min(0).optional(),
  task_id: z.string().max(200).optional(),
});

/** Which events a follower wants. */
export type FeedQuery = z.output<typeof Query>;

/** What every connection is served with. */
export interface Feed {
  readonly queue: Queue;
  readonly keepAliveMs: number;
  /** Aborts when the server closes. */
  readonly ending: AbortSignal;
}

/** @throws `E_ARGUMENT_INVALID` */
export function readQuery(query: unknown, lastEventId: unknown): FeedQuery {
  const parsed = Query.safeParse(query);
  const resumed = Query.shape.after.safeParse(lastEventId);
  if (!parsed.success || !resumed.success) {
    throw new ParleyError(
      "E_ARGUMENT_INVALID",
      "after is the number of the last event seen: write a whole number.",
    );
  }
  return { ...parsed.data, after: resumed.data ?? parsed.data.after };
}
