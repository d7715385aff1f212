import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { errorTable } from "@parley/core";
import type { ErrorCode } from "@parley/core";
import type { AdapterExample, AdapterPage, AdapterUnderTest } from "@parley/testing";
import type { Prompt, Tool } from "@parley/tool-registry";
import { argumentRows, resultRows } from "./json-schema.ts";
import { code, generatedNotice, markdownTable } from "./table.ts";

const folder = "docs/reference/adapters";

interface Adapter {
  readonly name: string;
  readonly packageName: string;
  readonly description: string;
  readonly page: AdapterPage;
  readonly items: AdapterUnderTest;
  readonly examples: readonly AdapterExample[];
}

/** docs/reference/adapters: a page for each adapter that has `test/page.ts`, and the list of them. */
export async function adapterPages(root: string): Promise<readonly (readonly [string, string])[]> {
  const adapters: Adapter[] = [];
  for (const name of readdirSync(join(root, "packages/adapters")).toSorted()) {
    const file = join(root, "packages/adapters", name, "test/page.ts");
    if (existsSync(file)) adapters.push(await loadAdapter(root, name, file));
  }
  const pages = adapters.map((adapter) => [`${folder}/${adapter.name}.md`, adapterPage(adapter)] as const);
  return [[`${folder}/README.md`, indexPage(adapters)], ...pages];
}

async function loadAdapter(root: string, name: string, file: string): Promise<Adapter> {
  const { page }: { page: AdapterPage } = await import(pathToFileURL(file).href);
  const manifest: { name: string; description: string } = JSON.parse(
    readFileSync(join(root, "packages/adapters", name, "package.json"), "utf8"),
  );
  const items = await page.create();
  const examples = (await page.examples?.()) ?? [];
  await items.close?.();
  return { name, packageName: manifest.name, description: manifest.description, page, items, examples };
}

function indexPage(adapters: readonly Adapter[]): string {
  const rows = adapters.map(({ name, packageName, description, page, items }) => [
    `[${page.title}](${name}.md)`,
    description,
    code(page.program === undefined ? "" : `npx ${packageName}`),
    String(items.tools.length),
  ]);
  const text = [
    generatedNotice,
    "",
    "# Adapters",
    "",
    "Tools for one system each. Each is a package of its own; those with a command serve themselves in one line, and",
    "`mcpserver start --tool-module PACKAGE` serves any of them beside other tools.",
    "",
    markdownTable(["System", "What", "Command", "Tools"], rows),
  ];
  return `${text.join("\n")}\n`;
}

function adapterPage(adapter: Adapter): string {
  const { page, packageName, description, items } = adapter;
  const { tools, prompts = [] } = items;
  const groups = grouped(tools);
  const text = [
    generatedNotice,
    "",
    `# ${page.title}`,
    "",
    description,
    "",
    ...serving(page, packageName),
    "## Tools",
    "",
    markdownTable(
      ["Tool", "Group", "Scope", "Effect"],
      tools.map((tool) => [
        `[${tool.name}](#${tool.name})`,
        groupOf(tool),
        code(tool.scope ?? "read"),
        effect(tool),
      ]),
    ),
    "",
    ...[...groups].flatMap(([group, members]) => [
      ...(group === "" ? [] : [`## Group ${group}`, ""]),
      ...members.flatMap((tool) => toolSection(tool, adapter)),
    ]),
    ...promptSection(prompts),
    ...errorSection(page.errors),
  ];
  return `${text.join("\n").trimEnd()}\n`;
}

function serving({ program }: AdapterPage, packageName: string): readonly string[] {
  if (program === undefined) return [];
  return [
    `\`npx ${packageName}\` serves it over stdio. Its flags are those of ${code(program)} in [commands](../cli.md).`,
    "",
  ];
}

const groupOf = ({ tags = [] }: Tool): string => tags[0] ?? "";

function grouped(tools: readonly Tool[]): ReadonlyMap<string, readonly Tool[]> {
  const groups = new Map<string, Tool[]>();
  for (const tool of tools) groups.set(groupOf(tool), [...(groups.get(groupOf(tool)) ?? []), tool]);
  return groups;
}

function effect({ annotations = {} }: Tool): string {
  if (annotations.readOnlyHint === true) return "reads";
  return annotations.destructiveHint === true ? "may destroy: asks for `confirm: true`" : "changes";
}

function toolSection(tool: Tool, { page, examples }: Adapter): readonly string[] {
  const { name, description = "", inputSchema, outputSchema, annotations = {}, scope = "read", task } = tool;
  const permission = page.permissions?.[name];
  const facts = [
    `Scope ${code(scope)}; ${effect(tool)}`,
    ...(annotations.readOnlyHint === true
      ? []
      : [annotations.idempotentHint ? "twice is once" : "twice is twice"]),
    ...(annotations.openWorldHint === true ? ["reaches out"] : ["stays on this machine"]),
    ...(task === undefined ? [] : ["may become a [task](../../guides/long-calls.md)"]),
    ...(permission === undefined ? [] : [`${page.title} asks for ${permission}`]),
  ];
  const args = argumentRows(inputSchema);
  const results = outputSchema === undefined ? [] : resultRows(outputSchema);
  return [
    `### ${name}`,
    "",
    description,
    "",
    `${facts.join("; ")}.`,
    "",
    ...(args.length === 0
      ? ["No arguments.", ""]
      : [markdownTable(["Argument", "Kind", "Default", "Meaning"], args), ""]),
    ...(results.length === 0 ? ["Answers text.", ""] : [markdownTable(["Result", "Kind"], results), ""]),
    ...examples.filter((example) => example.tool === name).flatMap(exampleSection),
  ];
}

function exampleSection({ tool, args, result }: AdapterExample): readonly string[] {
  const said = result.content.flatMap(({ text }) => (typeof text === "string" ? [text] : [])).join("\n");
  const { structuredContent } = result;
  const structured =
    structuredContent === undefined
      ? []
      : ["```json", JSON.stringify(structuredContent, undefined, 2), "```", ""];
  return [
    result.isError === true ? "An example that fails:" : "An example:",
    "",
    "```json",
    JSON.stringify({ name: tool, arguments: args }),
    "```",
    "",
    "```text",
    said.replaceAll("```", "` ` `").trimEnd(),
    "```",
    "",
    ...structured,
  ];
}

function promptSection(prompts: readonly Prompt[]): readonly string[] {
  if (prompts.length === 0) return [];
  const rows = prompts.map(({ name, description = "", arguments: given = [] }) => [
    code(name),
    description,
    given.map(({ name: each, required }) => code(required === true ? each : `${each}?`)).join(" "),
  ]);
  return ["## Prompts", "", markdownTable(["Prompt", "Asks for", "Arguments"], rows), ""];
}

function errorSection(codes: readonly string[]): readonly string[] {
  const rows = codes.map((each) => [code(each), errorTable[each as ErrorCode].when]); // an unknown one fails here
  return [
    "## Errors",
    "",
    'A call that fails answers `isError: true`, its message as text, and the record under `_meta["parley/error"]`.',
    "",
    markdownTable(["Code", "Meaning"], rows),
  ];
}
