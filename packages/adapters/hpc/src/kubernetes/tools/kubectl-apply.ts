import { z } from "zod";
import { Confirm } from "../../arguments.ts";
import { operation } from "../../operation.ts";
import { Applied, applyManifest, sayApplied } from "../apply.ts";
import { Manifest, Namespace } from "../arguments.ts";

/** Applies a manifest. */
export const kubectlApply = operation({
  name: "kubectl_apply",
  description:
    "Creates what a manifest holds, or changes what differs, by server-side apply. It is validated and tried in a dry run " +
    "first; what would change objects that exist asks for confirm: true and says which fields.",
  toolset: "kubernetes-write",
  effect: "destroy",
  idempotent: true,
  input: z.strictObject({
    manifest: Manifest,
    namespace: Namespace,
    dry_run: z.boolean().default(false).describe("Only says what would happen, for example: true"),
    force_conflicts: z
      .boolean()
      .default(false)
      .describe("Takes over fields that another manager owns, for example: true"),
    confirm: Confirm,
  }),
  output: z.object({ applied: z.array(Applied), dry_run: z.boolean() }),
  destroys: ({ force_conflicts, dry_run }) =>
    force_conflicts && !dry_run ? "would take over fields that other managers own." : undefined,
  async run({ manifest, namespace, dry_run, force_conflicts, confirm }, call) {
    const request = {
      tool: "kubectl_apply",
      manifest,
      namespace,
      dryRun: dry_run,
      force: force_conflicts,
      confirm,
    };
    return { applied: [...(await applyManifest(call, request))], dry_run };
  },
  say: ({ applied, dry_run }) => `${dry_run ? "A dry run: nothing was done.\n" : ""}${sayApplied(applied)}`,
});
