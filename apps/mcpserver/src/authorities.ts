import type { Settings } from "./settings.ts";

/** Asked before each new connection; nothing where no authority was named. */
export function authorities({ trust }: Pick<Settings, "trust">): (() => string | undefined) | undefined {
  return trust.pem() === undefined ? undefined : () => trust.pem();
}
