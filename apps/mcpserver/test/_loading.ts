import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createMcpClient } from "@parley/mcp-client";
import { readSettings, start } from "@parley/mcpserver";
import { onTestFinished } from "vitest";

/** A folder with these files, gone when the test is. */
export async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "parley-loading-")));
  onTestFinished(() => rm(path, { recursive: true }));
  await write(path, files);
  return path;
}

export async function write(path: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
}

/** A tool file: `export const NAME`, answering a fixed text. */
export function toolFile(name: string, answer: string, tags: readonly string[] = []): string {
  return `import { defineTool } from "@parley/tool-registry";
import { z } from "zod";
export const ${name} = defineTool({
  name: "${name}", description: "Says ${answer}.", tags: ${JSON.stringify(tags)},
  input: z.object({}), handler: (): string => "${answer}",
});
`;
}

/** `mcpserver start` with these flags in this process, and what it said. */
export async function startWith(flags: Readonly<Record<string, unknown>>, watchEveryMs = 20) {
  const stateDir = await folder({});
  const sources = { flags: { port: "0", stateDir, ...flags }, env: {} };
  const notices: string[] = [];
  const running = await start(await readSettings(sources), {
    env: {},
    notice: (text) => notices.push(text),
    reread: () => readSettings(sources),
    watchEveryMs,
  });
  onTestFinished(() => running.close());
  const client = createMcpClient({ url: running.url ?? "" });
  onTestFinished(() => client.close());
  const names = async (kind: "Tools" | "Prompts" | "Resources" = "Tools") =>
    (await client[`list${kind}`]()).map(({ name }) => name);
  const say = async (tool: string, args: Readonly<Record<string, unknown>> = {}) => {
    const { content } = await client.callTool(tool, args);
    return Array.isArray(content) ? content[0]?.text : undefined;
  };
  return { running, notices, client, names, say };
}
