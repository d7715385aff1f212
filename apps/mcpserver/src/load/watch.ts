import { resolve } from "node:path";
import { toParleyError } from "@parley/core";
import { fingerprintNow } from "./fingerprint.ts";
import type { Loader, LoadSettings } from "./loader.ts";
import type { Mounts } from "./mounts.ts";
import { pollFiles } from "./poll-files.ts";

export interface WatchOptions {
  readonly loader: Loader;
  readonly mounts: Mounts;
  readonly settings: LoadSettings;
  /** Reads the settings again; absent means that only loaded files are read again. */
  readonly reread?: (() => Promise<LoadSettings>) | undefined;
  readonly notice: (text: string) => void;
  readonly intervalMs?: number | undefined;
}

/** Loads again when the YAML file or a loaded file changes. @returns the function that stops it */
export function watchLoaded(options: WatchOptions): () => void {
  const { loader, mounts, settings, reread, notice, intervalMs } = options;
  const config = settings.config === undefined ? undefined : resolve(settings.config);
  const read = new Map(config === undefined ? [] : [[config, fingerprintNow(config)]]);
  let current = settings;

  const rereadSettings = async (path: string): Promise<boolean> => {
    read.set(path, fingerprintNow(path));
    try {
      current = (await reread?.()) ?? current;
      return true;
    } catch (error) {
      notice(`Kept what was served: ${toParleyError(error).message}`);
      return false;
    }
  };
  const mountAgain = async (): Promise<boolean> => {
    try {
      await mounts.apply(current);
      return true;
    } catch (error) {
      notice(`Kept what was mounted: ${toParleyError(error).message}`);
      return false;
    }
  };
  return pollFiles({
    files: () => new Map([...loader.files, ...read]),
    async onChange(changed) {
      const usable = config === undefined || !changed.has(config) || (await rereadSettings(config));
      // A broken YAML file does not keep an edited tool from being served.
      const mounted = await mountAgain();
      const whole = (await loader.reload(current, changed)) && usable && mounted;
      if (whole) notice(`Loaded again after a change of ${[...changed].join(", ")}.`);
    },
    intervalMs,
  });
}
