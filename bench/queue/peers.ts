import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const home = fileURLToPath(new URL("../../.parley/queue-peers", import.meta.url));
const installMs = 180_000;

/** The newest that run on Node 20. */
export const peerVersions = {
  "pg-boss": "10.4.2",
  "graphile-worker": "0.16.6",
  bullmq: "6.7.0",
  ioredis: "5.11.1",
} as const;

/**
 * Where the other queues can be required from: fetched once from npm into `.parley/queue-peers`, as no package of ours
 * depends on them. `undefined`, with a line that says why, where they cannot be had.
 */
export async function requirePeers(): Promise<NodeJS.Require | undefined> {
  const names = Object.keys(peerVersions);
  const isThere = (): boolean => names.every((name) => existsSync(join(home, "node_modules", name)));
  if (!isThere()) {
    const wanted = Object.entries(peerVersions).map(([name, version]) => `${name}@${version}`);
    const flags = ["--no-save", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"];
    const args = ["install", "--prefix", home, ...flags, ...wanted];
    await promisify(execFile)("npm", args, { timeout: installMs }).catch(() => undefined);
  }
  if (isThere()) return createRequire(join(home, "peers.js"));
  console.error(
    `${names.join(", ")} could not be fetched from npm: the queue benchmark runs without other queues.`,
  );
  return undefined;
}
