// A worker in miniature: `local-host.ts STATE_DIR SCRIPT...` submits each script and stays until it is killed.
import { JobSpec } from "@parley/core";
import { createLocalEngine } from "@parley/engines/local";

const [stateDir = "", ...scripts] = process.argv.slice(2);
const engine = createLocalEngine({ stateDir, allow: ["sh"], cores: 1, pollMs: 50 });
for (const [index, script] of scripts.entries()) {
  const spec = JobSpec.parse({ command: ["sh", "-c", script] });
  console.log((await engine.submit(spec, { tag: `host-${index}` })).siteJobId);
}
console.log("ready");
setInterval(() => {}, 1000);
