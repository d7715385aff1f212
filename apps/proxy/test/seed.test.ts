import { createServer } from "@parley/server";
import { staticToken } from "@parley/server";
import { createRegistry, defineTool } from "@parley/tool-registry";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { file, post, raw, runs } from "./_program.ts";

const token = "vault-athena-token";

/** A server that wants a bearer token. */
async function athena(): Promise<string> {
  const registry = createRegistry();
  registry.addTool(
    defineTool({
      name: "ask",
      description: "Asks.",
      input: z.object({ question: z.string() }),
      handler: ({ question }) => `About ${question}`,
    }),
  );
  const server = createServer({
    name: "athena",
    version: "1",
    registry,
    authenticator: staticToken(token),
    closeGraceMs: 50,
  });
  onTestFinished(() => server.close());
  const { url } = await server.listen();
  return `${url}/mcp`;
}

test("[GTW-01 GTW-27] the seed's thirteen servers", async () => {
  const away = (url: string, headers = {}) => ({ type: "streamable-http", url, headers });
  const config = await file("config.json", {
    mcpServers: {
      time: { ...raw, args: [...raw.args, "time"] },
      "upstash-context7": { command: "npx-that-is-not-there", args: ["-y", "@upstash/context7-mcp"] },
      "neo4j-cypher": away("http://localhost:9/mcp"),
      "neo4j-memory": away("http://localhost:9/mcp"),
      grafana: away("http://localhost:9/mcp"),
      gitea: away("http://localhost:9/mcp", { Authorization: "Bearer gitea-secret" }),
      "argos-searxng": away("http://miranda.incus.invalid:25534/mcp"),
      athena: away(await athena(), { Authorization: `Bearer ${token}` }),
      github: away("https://api.githubcopilot.invalid/mcp/", { Authorization: "Bearer github-secret" }),
      rommie: away("http://caliban.incus.invalid:8080/mcp"),
      caliban: away("http://caliban.incus.invalid:22021/mcp"),
      korax: away("http://korax.invalid:22021/mcp"),
      huggingface: away("https://huggingface.invalid/mcp", { Authorization: "Bearer hf-secret" }),
    },
  });
  const running = runs(["--port", "0", "--config", config]);
  const url = await running.url;
  expect((await fetch(`${url}/docs`)).status).toBe(200);
  expect(await post(`${url}/time/echo`, { text: "now" })).toEqual({ status: 200, text: '"now"' });
  expect(await post(`${url}/athena/ask`, { question: "x" })).toEqual({ status: 200, text: '"About x"' });
  const states = async () =>
    (await (await fetch(`${url}/health`)).json()) as { servers: Record<string, string>; total: number };
  await vi.waitFor(
    async () =>
      expect(Object.values((await states()).servers).filter((state) => state === "unreachable")).toHaveLength(
        11,
      ),
    { timeout: 45_000, interval: 50 },
  );
  expect(await states()).toMatchObject({ total: 13, servers: { time: "ready", athena: "ready" } });
  expect((await post(`${url}/grafana/any`, {})).status).toBe(502);
  const document = await (await fetch(`${url}/openapi.json`)).text();
  const said = [running.err(), document, await (await fetch(`${url}/servers`)).text()].join("\n");
  expect(said).not.toMatch(/vault-athena-token|gitea-secret|github-secret|hf-secret/);
  expect(document).toContain("[grafana](/grafana/docs) (unreachable)");
});
