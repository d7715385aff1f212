import type { Io } from "@parley/cli";
import { readTrust, resolveOptions, settleOptions } from "@parley/cli";
import { createMcpClient } from "@parley/mcp-client";
import { createRegistry } from "@parley/tool-registry";
import { createLoader } from "../load/loader.ts";
import { createMounts } from "../load/mounts.ts";
import { readSecret, secretWarnings } from "../secret-source.ts";
import { readSettings } from "../settings.ts";
import { type ExportedTool, formatTools } from "../tool-formats.ts";
import { exportOptions } from "../tools-options.ts";
import { version } from "../version.ts";

/** Runs `mcpserver tools export`: prints the tools a server has, or would have, as JSON. */
export async function exportTools(flags: Readonly<Record<string, unknown>>, io: Io): Promise<void> {
  const { url, format: formats } = exportOptions;
  const { values } = resolveOptions({ url, format: formats }, { flags, env: io.env });
  const tools = values.url === undefined ? await toolsHere(flags, io) : await toolsAt(values.url, flags, io);
  const formatted = formatTools(tools, values.format);
  io.out(JSON.stringify(formatted, undefined, 2));
}

async function toolsHere(
  { format: _format, url: _url, mountTimeout, ...flags }: Readonly<Record<string, unknown>>,
  io: Io,
): Promise<readonly ExportedTool[]> {
  const timeout = resolveOptions(
    { mountTimeout: exportOptions.mountTimeout },
    { flags: { mountTimeout }, env: io.env },
  );
  const read = await readSettings({ flags, env: io.env });
  const settings = { ...read, strict: true, watch: false };
  const registry = createRegistry();
  const notice = (text: string): void => io.err(text);
  const loader = createLoader({ registry, notice });
  const ca = (): string | undefined => settings.trust.pem();
  const mounts = createMounts({ registry, notice, config: settings.config, ca, version, quiet: true });
  try {
    await loader.load(settings);
    await mounts.apply(settings);
    await mounts.settle({ seconds: timeout.values.mountTimeout, everyone: true, signal: io.signal });
    return registry.tools;
  } finally {
    await mounts.close();
    await loader.close();
  }
}

async function toolsAt(
  url: string,
  flags: Readonly<Record<string, unknown>>,
  io: Io,
): Promise<readonly ExportedTool[]> {
  const { ca: authority, token: direct, tokenFile } = exportOptions;
  const table = { ca: authority, token: direct, tokenFile };
  const sources = { flags, env: io.env };
  const { values } = resolveOptions(table, sources);
  const settled = settleOptions(table, sources);
  for (const warning of secretWarnings(table, settled)) io.err(warning);
  const token = await readSecret({ table, settled, direct: "token", inFile: "tokenFile" });
  const ca = await readTrust({ ca: values.ca, env: io.env });
  const client = createMcpClient({ url, token, ca });
  try {
    const listed = await client.listTools({ signal: io.signal });
    return listed.map(({ name, description, inputSchema }) => ({
      name: String(name),
      ...(typeof description === "string" ? { description } : {}),
      inputSchema: { type: "object", ...Object(inputSchema) },
    }));
  } finally {
    await client.close();
  }
}
