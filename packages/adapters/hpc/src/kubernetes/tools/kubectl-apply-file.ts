import { ParleyError } from "@parley/core";
import { z } from "zod";
import { Confirm } from "../../arguments.ts";
import { Path } from "../../files/arguments.ts";
import { readText } from "../../files/read.ts";
import { rootsOf } from "../../files/roots.ts";
import { operation } from "../../operation.ts";
import { Applied, applyManifest, sayApplied } from "../apply.ts";
import { Namespace } from "../arguments.ts";

const maxBytes = 1_000_000;

/** Applies a manifest in a file. */
export const kubectlApplyFile = operation({
  name: "kubectl_apply_file",
  description:
    "As kubectl_apply, with a manifest of the folders open to the file tools. Addresses are not fetched: what is applied " +
    "must be something that was looked at.",
  toolset: "kubernetes-write",
  effect: "destroy",
  idempotent: true,
  input: z.strictObject({
    path: Path,
    namespace: Namespace,
    dry_run: z.boolean().default(false).describe("Only says what would happen, for example: true"),
    confirm: Confirm,
  }),
  output: z.object({ applied: z.array(Applied), dry_run: z.boolean() }),
  async run({ path, namespace, dry_run, confirm }, call) {
    if (/^[a-z]+:\/\//i.test(path)) {
      throw new ParleyError(
        "E_ARGUMENT_INVALID",
        "An address is not applied: save it to a file, read it, then apply that.",
      );
    }
    const { text, atEnd } = await readText(path, { roots: await rootsOf(call), maxBytes, from: "0" });
    if (!atEnd) throw new ParleyError("E_ARGUMENT_INVALID", "A manifest may have a million bytes.");
    const request = {
      tool: "kubectl_apply_file",
      manifest: text,
      namespace,
      dryRun: dry_run,
      force: false,
      confirm,
    };
    return { applied: [...(await applyManifest(call, request))], dry_run };
  },
  say: ({ applied, dry_run }) => `${dry_run ? "A dry run: nothing was done.\n" : ""}${sayApplied(applied)}`,
});
