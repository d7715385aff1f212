import { z } from "zod";
import { Confirm } from "../../arguments.ts";
import { operation } from "../../operation.ts";
import { Namespace, ResourceName, ResourceType } from "../arguments.ts";
import { changedFields } from "../changed-fields.ts";
import { inNamespace, kubectlCall, kubectlOf } from "../client.ts";
import { withScratchFile } from "../scratch-file.ts";

const Patch = z
  .union([z.string().min(2).max(500_000), z.record(z.string(), z.unknown()), z.array(z.unknown())])
  .transform((given) => (typeof given === "string" ? given : JSON.stringify(given)));

/** Patches an object. */
export const kubectlPatch = operation({
  name: "kubectl_patch",
  description:
    "Changes fields of an object by a strategic, merge or JSON patch, and says which. Asks for confirm: true.",
  toolset: "kubernetes-write",
  effect: "destroy",
  input: z.strictObject({
    resource_type: ResourceType,
    name: ResourceName,
    patch_data: Patch.describe('The patch, JSON or YAML, for example: {"spec": {"suspend": true}}'),
    patch_type: z
      .enum(["strategic", "merge", "json"])
      .default("strategic")
      .describe("Kind of patch, for example: merge"),
    namespace: Namespace,
    dry_run: z.boolean().default(false).describe("Only says which fields would change, for example: true"),
    confirm: Confirm,
  }),
  output: z.object({ name: z.string(), changed: z.array(z.string()), dry_run: z.boolean() }),
  destroys: ({ name, patch_data, dry_run }) =>
    dry_run ? undefined : `would change ${name} by ${patch_data.slice(0, 200)}.`,
  async run({ resource_type, name, patch_data, patch_type, namespace, dry_run }, call) {
    const kubectl = kubectlOf(call);
    const where = inNamespace(namespace);
    const before = await kubectl.json(["get", resource_type, name, ...where], kubectlCall(call));
    const after = await withScratchFile(patch_data, (path) =>
      kubectl.json(
        [
          "patch",
          resource_type,
          name,
          `--type=${patch_type}`,
          `--patch-file=${path}`,
          ...(dry_run ? ["--dry-run=server"] : []),
          ...where,
        ],
        kubectlCall(call),
      ),
    );
    return { name, changed: changedFields(before, after).slice(0, 100), dry_run };
  },
  say: ({ name, changed, dry_run }) =>
    `${dry_run ? "A dry run: " : ""}${name}: ${changed.length === 0 ? "nothing differs" : `changed ${changed.join(", ")}`}.`,
});
