import type { Registry } from "@parley/tool-registry";
import type { Trust } from "@parley/cli";
import { version } from "../version.ts";
import type { LoadSettings } from "./loader.ts";
import { createLoader } from "./loader.ts";
import type { Mounts } from "./mounts.ts";
import { createMounts } from "./mounts.ts";
import { watchLoaded } from "./watch.ts";

interface LoadAllOptions {
  readonly registry: Registry;
  /** Run in reverse order. */
  readonly closers: (() => Promise<void>)[];
  readonly notice: (text: string) => void;
  readonly reread?: (() => Promise<LoadSettings>) | undefined;
  readonly watchEveryMs?: number | undefined;
  /** What is served whatever the settings name. */
  readonly own?: unknown;
}

/**
 * Loads and mounts what the settings name. After the roles, so that of two tools of one name it is the loaded one that is
 * refused; mounts come last for the same reason.
 */
export async function loadAll(
  settings: LoadSettings & { readonly trust: Trust },
  options: LoadAllOptions,
): Promise<Mounts> {
  const { registry, closers, notice, reread, watchEveryMs: intervalMs } = options;
  const loader = createLoader({ registry, notice, standIn: options.own === undefined });
  closers.push(() => loader.close());
  await loader.load(settings);
  const ca = (): string | undefined => settings.trust.pem();
  const mounts = createMounts({ registry, notice, config: settings.config, ca, version });
  closers.push(() => mounts.close());
  await mounts.apply(settings);
  await mounts.settle();
  if (!settings.watch) return mounts;
  const stop = watchLoaded({ loader, mounts, settings, reread, notice, intervalMs });
  closers.push(async () => stop());
  return mounts;
}
