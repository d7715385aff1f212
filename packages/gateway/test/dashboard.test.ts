import { readFile } from "node:fs/promises";
import { createGatewayMetrics } from "@parley/gateway/metrics";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { start, stdio } from "./_gateway.ts";

const deployed = (path: string): Promise<string> =>
  readFile(new URL(`../../../deploy/${path}`, import.meta.url), "utf8");

/** What stands under a key, anywhere in a document. */
function under(key: string, value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => under(key, item));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
    name === key && typeof inner === "string" ? [inner] : under(key, inner),
  );
}

/** Names of metrics with the labels their lines have; those of a histogram by its three names. */
function labelsIn(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const [, name = "", labels = ""] of text.matchAll(/^([a-z_]+)(?:\{([^}]*)\})? /gm)) {
    const known = found.get(name) ?? new Set(["instance", "job"]);
    for (const [, label = ""] of labels.matchAll(/([a-z_]+)="/g)) known.add(label);
    found.set(name, known);
  }
  return found;
}

test("[GTW-99] every metric and label that the dashboard and the alerts ask for is there", async () => {
  const { get, post } = await start({ servers: [stdio("raw")] }, { metrics: createGatewayMetrics() });
  await post("/raw/pid");
  const foreign = await get("/servers", { origin: "https://elsewhere.example" });
  expect(foreign.status).toBe(403);
  const known = labelsIn((await get("/metrics")).text);
  const board: unknown = JSON.parse(await deployed("grafana/mcp-gateway.json"));
  const rules: unknown = parse(await deployed("prometheus/mcp-gateway.rules.yml"));
  const queries = [...under("expr", board), ...under("query", board), ...under("expr", rules)].filter(
    (query) => !query.startsWith("{"),
  );
  expect(queries.length).toBeGreaterThan(20);
  const asked = queries.flatMap((query) =>
    [...query.matchAll(/\b((?:mcp|process)_[a-z_]+)(?:\{([^}]*)\})?/g)].map(([, name = "", labels = ""]) => ({
      name,
      labels: [...labels.matchAll(/([a-z_]+)(?:=~|=|!=)"/g)].map(([, label = ""]) => label),
    })),
  );
  for (const { name, labels } of asked) {
    expect([...known.keys()]).toContain(name);
    expect([name, ...labels.filter((label) => known.get(name)?.has(label) !== true)]).toEqual([name]);
  }
});

test("[GTW-99] the dashboard's parts have places of their own, and the scrape configuration finds the rules", async () => {
  const board = JSON.parse(await deployed("grafana/mcp-gateway.json")) as {
    readonly panels: readonly {
      readonly id: number;
      readonly gridPos: { x: number; y: number; w: number; h: number };
    }[];
  }; // checked by what follows
  const cells = board.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(new Set(board.panels.map(({ id }) => id)).size).toBe(board.panels.length);
  const scraping: unknown = parse(await deployed("prometheus/prometheus.yml"));
  expect(scraping).toMatchObject({
    rule_files: ["mcp-gateway.rules.yml"],
    scrape_configs: [{ job_name: "mcpo", metrics_path: "/metrics" }],
  });
});
