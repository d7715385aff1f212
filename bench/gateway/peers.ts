import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const home = fileURLToPath(new URL("../../.parley/peers/", import.meta.url));
const installMs = 180_000;

/** Pinned, so that a result can be had again. */
const npmPeers = [
  { bin: "mcp-proxy", wanted: "mcp-proxy@6.7.19" },
  { bin: "supergateway", wanted: "supergateway@4.0.0" },
  // The proxy behind the Inspector's page; of 2.x it cannot be had by itself.
  { bin: "mcp-inspector-server", wanted: "@modelcontextprotocol/inspector-server@0.15.0" },
] as const;
/** What the last one leaves to the package around it. */
const inspectorNeeds = ["shell-quote@1.8.3", "spawn-rx@5.1.2"];
const mcpoVersion = "0.0.20";
/** mcpo names no newest version of these, and starts with none of today's. */
const mcpoNeeds = ["mcp<2", "fastapi==0.128.8"];

/** The programs of other gateways that could be had, each with the words that start it. */
export interface Peers {
  readonly mcpProxy?: readonly string[] | undefined;
  readonly supergateway?: readonly string[] | undefined;
  /** Goes on over HTTP, as the two before cannot. */
  readonly inspector?: readonly string[] | undefined;
  readonly mcpo?: readonly string[] | undefined;
}

/** Fetches other gateways once, into `.parley/peers`; one that cannot be had is left out with a line that says so. */
export async function findPeers(): Promise<Peers> {
  const [mcpProxy, supergateway, inspector] = await npmPrograms();
  return { mcpProxy, supergateway, inspector, mcpo: await mcpoProgram() };
}

async function npmPrograms(): Promise<readonly (readonly string[] | undefined)[]> {
  const prefix = join(home, "gateway");
  const bins = npmPeers.map(({ bin }) => join(prefix, "node_modules", ".bin", bin));
  if (!bins.every((bin) => existsSync(bin))) {
    const flags = ["--no-save", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"];
    const wanted = [...npmPeers.map((peer) => peer.wanted), ...inspectorNeeds];
    await run("npm", ["install", "--prefix", prefix, ...flags, ...wanted], { timeout: installMs }).catch(
      () => undefined,
    );
  }
  return bins.map((bin, index) => {
    if (existsSync(bin)) return [process.execPath, bin];
    console.error(
      `${npmPeers[index]?.wanted ?? ""} could not be fetched from npm: the gateway benchmark runs without it.`,
    );
    return undefined;
  });
}

/** The gateway this one stands in for, in a Python environment of its own. */
export async function mcpoProgram(): Promise<readonly string[] | undefined> {
  const place = join(home, "mcpo");
  const bin = join(place, "bin", "mcpo");
  if (!existsSync(bin)) {
    const words = ["install", "--quiet", "--disable-pip-version-check", `mcpo==${mcpoVersion}`, ...mcpoNeeds];
    await run("python3", ["-m", "venv", place], { timeout: installMs })
      .then(() => run(join(place, "bin", "pip"), words, { timeout: installMs }))
      .catch(() => undefined);
  }
  if (existsSync(bin)) return [bin];
  console.error(`mcpo ${mcpoVersion} could not be installed with Python: it is left out.`);
  return undefined;
}
