import { packageVersion } from "@parley/cli";

/** This package's version, what `--version` prints. */
export const version: string = packageVersion(import.meta.url);
