// Runs every example, or those named: `node scripts/examples.mjs [name...]`. Each checks its own result.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pnpm, root } from "./pnpm.mjs";

const longestSeconds = 240;
const folder = join(root, "examples");
const wanted = process.argv.slice(2).filter((word) => !word.startsWith("-"));
const manifests = readdirSync(folder)
  .map((name) => ({ name, file: join(folder, name, "package.json") }))
  .filter(({ file }) => existsSync(file) && JSON.parse(readFileSync(file, "utf8")).scripts?.example);
const unknown = wanted.filter((name) => !manifests.some((example) => example.name === name));
if (unknown.length > 0) {
  console.error(
    `No example ${unknown.join(", ")}; there are ${manifests.map(({ name }) => name).join(", ")}.`,
  );
  process.exit(2);
}

const failed = [];
for (const { name } of manifests.filter((example) => wanted.length === 0 || wanted.includes(example.name))) {
  const output = [];
  const startedMs = Date.now();
  let timer;
  const code = await pnpm(["--silent", "run", "example"], {
    cwd: join(folder, name),
    stdio: ["ignore", "pipe", "pipe"],
    env: { NO_COLOR: "1" },
    onSpawn(child) {
      child.stdout.on("data", (piece) => output.push(piece));
      child.stderr.on("data", (piece) => output.push(piece));
      timer = setTimeout(() => child.kill("SIGTERM"), longestSeconds * 1000);
    },
  });
  clearTimeout(timer);
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
  if (code === 0) continue;
  failed.push(name);
  console.log(Buffer.concat(output).toString().trimEnd());
}
if (failed.length > 0) console.error(`Failed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
