import { toKubectlError } from "@parley/engines/kubernetes";
import { z } from "zod";
import type { Call } from "../../call.ts";
import { operation } from "../../operation.ts";
import { Manifest, Namespace } from "../arguments.ts";
import { inNamespace, kubectlCall, kubectlOf } from "../client.ts";
import { ManifestFinding } from "../manifest/finding.ts";
import { validateManifest } from "../manifest/validate-manifest.ts";

const maxFindings = 200;

/** Validates a manifest. */
export const kubectlValidateManifest = operation({
  name: "kubectl_validate_manifest",
  description:
    "Validates a manifest line by line: YAML, names, the published schemas of the API, removed versions and what a site " +
    "regrets; then, where a cluster answers, by a dry run on its server. Nothing is created.",
  toolset: "kubernetes",
  effect: "read",
  input: z.strictObject({
    manifest: Manifest,
    namespace: Namespace,
    server: z
      .enum(["auto", "never", "always"])
      .default("auto")
      .describe("Whether a cluster is asked too; auto asks when nothing is wrong so far; for example: never"),
  }),
  output: z.object({
    valid: z.boolean(),
    objects: z.array(
      z.object({
        document: z.number().int(),
        api_version: z.string(),
        kind: z.string(),
        name: z.string(),
        namespace: z.string().optional(),
        schema_checked: z.boolean(),
      }),
    ),
    findings: z.array(ManifestFinding),
    server: z.object({
      /** `not-asked` also where no cluster answers. */
      verdict: z.enum(["accepted", "refused", "not-asked"]),
      message: z.string(),
    }),
  }),
  async run({ manifest, namespace, server }, call) {
    const { objects, findings } = await validateManifest(manifest);
    const clean = findings.every(({ level }) => level !== "error");
    const asked = server === "always" || (server === "auto" && clean);
    const answer = asked
      ? await askServer(call, { manifest, namespace, needed: server === "always" })
      : {
          verdict: "not-asked" as const,
          message: server === "never" ? "Not asked." : "Not asked: mend the errors first.",
        };
    return {
      valid: clean && answer.verdict !== "refused",
      objects: [...objects],
      findings: findings.slice(0, maxFindings),
      server: answer,
    };
  },
  say: ({ valid, findings, server, objects }) =>
    [
      `${valid ? "Valid" : "Not valid"}: ${objects.map(({ kind, name }) => `${kind} ${name}`).join(", ") || "no object"}.`,
      ...findings.map(({ line, level, message }) => `line ${String(line)}: ${level}: ${message}`),
      ...objects
        .filter(({ schema_checked }) => !schema_checked)
        .map(
          ({ kind, api_version }) =>
            `The fields of ${kind} (${api_version}) were not checked: its schema is not here.`,
        ),
      `The server: ${server.message}`,
    ].join("\n"),
});

async function askServer(
  call: Call,
  {
    manifest,
    namespace,
    needed,
  }: { readonly manifest: string; readonly namespace: string | undefined; readonly needed: boolean },
): Promise<{ verdict: "accepted" | "refused" | "not-asked"; message: string }> {
  const args = [
    "apply",
    "--server-side",
    "--dry-run=server",
    "--force-conflicts",
    ...inNamespace(namespace),
    "--filename=-",
    "--output=name",
  ];
  const result = await kubectlOf(call).run(args, kubectlCall(call, { input: manifest }));
  if (result.ok) return { verdict: "accepted", message: "accepted it in a dry run." };
  const error = toKubectlError(result);
  const absent = error.code === "E_ENGINE_MISSING" || error.code === "E_ENGINE_UNREACHABLE";
  if (absent && !needed) return { verdict: "not-asked", message: `Not asked: ${error.message}` };
  if (absent || error.code === "E_INTERRUPTED") throw error;
  return { verdict: "refused", message: error.message };
}
