import { ParleyError } from "@parley/core";
import { nearest } from "@parley/cli";
import type { Io } from "@parley/cli";
import { renderTable } from "@parley/cli/table";
import type { Provider, Site } from "@parley/providers";
import { z } from "zod";
import type { CommandInput } from "../dependencies.ts";
import { clean } from "../render/clean.ts";
import { output } from "../session.ts";
import { detectOptions } from "./options.ts";
import { readSecretaryOptions } from "./read-options.ts";
import { openSite } from "./site.ts";

interface Found {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly tools: Readonly<Record<string, { description: string; parameters: unknown; category: string }>>;
}

type Detected = Record<string, Record<string, Found>>;

/** Shows what is here. */
export async function runDetect(input: CommandInput): Promise<void> {
  const values = readSecretaryOptions(input, detectOptions);
  const { io } = input;
  const say = output(io, values);
  const site = await say.during("Looking around", async () => openSite(values, io));
  try {
    const [category, name] = input.args;
    requireKnown(site, category, name);
    const manifest = await say.during("Reading facts", async () => site.manifest({ signal: io.signal }));
    const detected: Detected = {};
    for (const provider of site.providers.values()) {
      if (category !== undefined && provider.category !== category) continue;
      if (name !== undefined && provider.name !== name) continue;
      const entry = entryOf(manifest, provider);
      detected[provider.category] = { ...detected[provider.category], [provider.name]: entry };
    }
    say.print(detected, () => render(detected, io) + (values.all ? `\n\n${renderMissing(site, io)}` : ""));
  } finally {
    await site.close();
  }
}

function requireKnown(site: Site, category: string | undefined, name: string | undefined): void {
  const known: { readonly category: string; readonly provider: string }[] = [
    ...[...site.providers.values()].map((one) => ({ category: one.category, provider: one.name })),
    ...site.probes,
  ];
  const categories = [...new Set(known.map((one) => one.category))].toSorted();
  if (category !== undefined && !categories.includes(category))
    throw unknown("category", category, categories);
  const names = known.filter((one) => one.category === category).map((one) => one.provider);
  if (name !== undefined && !names.includes(name))
    throw unknown("provider", name, [...new Set(names)].toSorted());
}

function unknown(what: string, given: string, known: readonly string[]): ParleyError {
  const close = nearest(given, known);
  const hint = close === undefined ? "" : ` Did you mean ${close}?`;
  const message = `There is no ${what} "${clean(given, 60)}".${hint} There are: ${known.join(", ")}.`;
  return new ParleyError("E_PROVIDER_UNKNOWN", message);
}

function entryOf(manifest: Readonly<Record<string, unknown>>, provider: Provider): Found {
  const entries = manifest[provider.category];
  const metadata: unknown =
    typeof entries === "object" && entries !== null ? Reflect.get(entries, provider.name) : undefined;
  const tools = provider.tools.map(
    (tool) =>
      [
        tool.name,
        {
          description: tool.description,
          parameters: z.toJSONSchema(tool.input, { io: "input" }),
          category: tool.kind,
        },
      ] as const,
  );
  return {
    metadata: typeof metadata === "object" && metadata !== null ? { ...metadata } : {},
    tools: Object.fromEntries(tools),
  };
}

function render(detected: Detected, io: Pick<Io, "colors" | "width">): string {
  const found = Object.entries(detected).flatMap(([category, providers]) =>
    Object.entries(providers).map(([name, entry]) => ({ category, name, ...entry })),
  );
  if (found.length === 0) return "Nothing was found.";
  const facts = found.map(({ category, name, metadata }) => [category, name, factsText(metadata)]);
  const tools = found.flatMap(({ name, tools: offered }) =>
    Object.entries(offered).map(([tool, { description }]) => [name, tool, clean(description, 200)]),
  );
  const manifest = renderTable({
    head: ["Category", "Provider", "Facts"],
    rows: facts,
    width: io.width,
    colors: io.colors,
  });
  if (tools.length === 0) return manifest;
  return `${manifest}\n\n${renderTable({ head: ["Provider", "Tool", "Answers"], rows: tools, width: io.width, colors: io.colors })}`;
}

const stamps = new Set(["scope", "observedAt"]);

function factsText(metadata: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(metadata)
    .filter(([key]) => !stamps.has(key))
    .map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  return clean(parts.join(", "), 300) || "-";
}

function renderMissing(site: Site, io: Pick<Io, "width" | "colors">): string {
  const rows = site.probes
    .filter(({ status }) => status !== "present")
    .map(({ category, provider, status, detail }) => [category, provider, status, clean(detail ?? "-", 200)]);
  if (rows.length === 0) return "Everything that was looked for is here.";
  return renderTable({
    head: ["Category", "Provider", "Status", "Why"],
    rows,
    width: io.width,
    colors: io.colors,
  });
}
