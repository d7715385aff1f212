import type { Scope } from "@parley/core";

/** Options every software provider takes. */
export interface SoftwareProviderOptions {
  readonly hostScope: Scope;
  /** Milliseconds an inventory is used again. Default 300 000. */
  readonly inventoryTtlMs?: number | undefined;
}
