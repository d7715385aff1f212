// Makes a place in which config.json finds a stand-in for each of its servers.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { standIn } from "./stand-ins.ts";

const tokens = {
  GITEA_MCP_ACCESS_TOKEN: "gitea-secret",
  ATHENA_MCP_AUTH: "athena-secret",
  GITHUB_PERSONAL_ACCESS_TOKEN: "github-secret",
  HUGGINGFACE_MCP_TOKEN: "hf-secret",
};

/** A folder with programs by the names the file starts them by. */
async function programs(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "parley-proxy-"));
  const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const program = new URL("program.ts", import.meta.url).href;
  const script = `#!${process.execPath}\nimport("${loader}").then(() => import("${program}"));\n`;
  for (const name of ["mcp-server-time", "npx"]) await writeFile(join(folder, name), script, { mode: 0o755 });
  return folder;
}

async function servers() {
  return {
    cypher: await standIn("neo4j-cypher"),
    memory: await standIn("neo4j-memory"),
    grafana: await standIn("grafana"),
    gitea: await standIn("gitea", tokens.GITEA_MCP_ACCESS_TOKEN),
    argos: await standIn("argos-searxng"),
    athena: await standIn("athena", tokens.ATHENA_MCP_AUTH),
    github: await standIn("github", tokens.GITHUB_PERSONAL_ACCESS_TOKEN),
    rommie: await standIn("rommie"),
    caliban: await standIn("caliban"),
    huggingface: await standIn("huggingface", tokens.HUGGINGFACE_MCP_TOKEN),
  };
}

/** The environment of the gateway, and how to end what it points at. */
export async function surroundings() {
  const folder = await programs();
  const all = await servers();
  const env = {
    ...process.env,
    ...tokens,
    PATH: [folder, process.env["PATH"]].join(delimiter),
    HOME: folder,
    NEO4J_CYPHER_MCP_PORT: `${all.cypher.port}`,
    NEO4J_MEMORY_MCP_PORT: `${all.memory.port}`,
    GRAFANA_MCP_PORT: `${all.grafana.port}`,
    GITEA_MCP_PORT: `${all.gitea.port}`,
    ARGOS_MCP_URL: all.argos.url,
    ATHENA_MCP_URL: all.athena.url,
    GITHUB_MCP_URL: all.github.url,
    ROMMIE_MCP_URL: all.rommie.url,
    CALIBAN_MCP_URL: all.caliban.url,
    // This one is away.
    KORAX_MCP_URL: "http://127.0.0.1:9/mcp",
    HUGGINGFACE_MCP_URL: all.huggingface.url,
  };
  const end = async (): Promise<void> => {
    await Promise.all(Object.values(all).map((server) => server.close()));
    await rm(folder, { recursive: true, force: true });
  };
  return { env, end };
}
