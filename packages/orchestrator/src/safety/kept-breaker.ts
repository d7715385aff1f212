import type { Queue } from "@parley/queue";
import type { Safety } from "../port.ts";
import { createBreaker } from "./breaker.ts";
import type { BreakerOptions } from "./breaker.ts";
import { SavedBreaker } from "./saved.ts";

/** Options of {@link openBreaker}. */
export interface KeptBreakerOptions extends Omit<BreakerOptions, "saved" | "onChange"> {
  readonly store: Pick<Queue, "keep" | "kept">;
  /** Default `breaker`. */
  readonly key?: string | undefined;
  /** Told when it could not be written down; the breaker goes on in memory. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/**
 * A breaker whose state is kept with the tasks: a restart neither closes it nor gives a used-up budget back. A state that
 * another release wrote and this one cannot read counts as none.
 */
export async function openBreaker({
  store,
  key = "breaker",
  onError = () => undefined,
  ...options
}: KeptBreakerOptions): Promise<Safety> {
  const found = SavedBreaker.safeParse(await store.kept(key));
  return createBreaker({
    ...options,
    saved: found.success ? found.data : undefined,
    onChange: (state) => void store.keep(key, state).catch(onError),
  });
}
