import { packageVersion } from "@parley/cli";

/** This package's version, shown in `/health` and to MCP peers. */
export const version: string = packageVersion(import.meta.url);
