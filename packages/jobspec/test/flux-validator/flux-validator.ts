import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createRun } from "@parley/exec";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const python = at("../../../../.parley/flux-python/bin/python");
const run = createRun({ timeoutMs: 60_000, maxBytes: 16_000_000 });

/** Whether flux-python 0.88.0 was installed by scripts/other-clients.mjs. */
export const fluxValidatorAvailable = existsSync(python);

/** Why Flux's own Python validator refuses each jobspec; null for one it takes. */
export async function askFluxValidator(jobspecs: readonly unknown[]): Promise<(string | null)[]> {
  // Reasons that come from sets would be in another order each time.
  const env = { PYTHONHASHSEED: "0" };
  const answer = await run([python, at("validate.py")], { input: JSON.stringify(jobspecs), env });
  if (!answer.ok) throw new Error(`validate.py: ${answer.stderr}`);
  return JSON.parse(answer.stdout);
}
