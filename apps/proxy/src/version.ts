import { packageVersion } from "@parley/cli";

/** This package's version, shown to MCP servers. */
export const version: string = packageVersion(import.meta.url);
