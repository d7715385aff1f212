import { configSchema } from "@parley/mcpserver";

/** docs/reference/mcpserver.schema.json: what an editor checks the file of `mcpserver start --config` by. */
export function configSchemaFile(): string {
  return `${JSON.stringify(configSchema(), undefined, 2)}\n`;
}
