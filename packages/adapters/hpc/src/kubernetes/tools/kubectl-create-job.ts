import { ParleyError } from "@parley/core";
import { toKubectlError } from "@parley/engines/kubernetes";
import { redact } from "@parley/exec";
import { z } from "zod";
import { looksSecret } from "../../containers/secret-names.ts";
import { operation } from "../../operation.ts";
import { kubectlCall, kubectlOf } from "../client.ts";
import { JobArguments, jobManifest } from "../job-manifest.ts";
import { textAt } from "../../records.ts";

/** Creates a batch job. */
export const kubectlCreateJob = operation({
  name: "kubectl_create_job",
  description:
    "Creates a batch job: an image, a command and what each pod needs. It is tried in a dry run first, and a name that is " +
    "taken is refused. Follow it with kubectl_wait and kubectl_logs.",
  toolset: "kubernetes-write",
  effect: "write",
  input: JobArguments.extend({
    dry_run: z.boolean().default(false).describe("Only says what would be created, for example: true"),
  }),
  output: z.object({
    name: z.string(),
    namespace: z.string(),
    created: z.boolean(),
    uid: z.string().optional(),
    manifest: z.record(z.string(), z.unknown()),
  }),
  async run({ dry_run, ...args }, call) {
    refuseSecrets(args.environment);
    const manifest = jobManifest(args);
    const kubectl = kubectlOf(call);
    const given = kubectlCall(call, { input: JSON.stringify(manifest) });
    const create = [
      "create",
      "--filename=-",
      ...(args.namespace === undefined ? [] : [`--namespace=${args.namespace}`]),
    ];
    const tried = await kubectl.json([...create, "--dry-run=server"], given);
    const namespace = textAt(tried, "metadata", "namespace") ?? "default";
    if (dry_run) return { name: args.name, namespace, created: false, manifest };
    const result = await kubectl.run([...create, "--output=json"], given);
    if (!result.ok) throw toKubectlError(result);
    const uid = textAt(JSON.parse(result.stdout), "metadata", "uid");
    return { name: args.name, namespace, created: true, ...(uid === undefined ? {} : { uid }), manifest };
  },
  say: ({ name, namespace, created }) =>
    created
      ? `Created the job ${name} in ${namespace}.`
      : `A dry run: the job ${name} would be created in ${namespace}.`,
});

function refuseSecrets(environment: Readonly<Record<string, string>>): void {
  const secret = Object.entries(environment).find(
    ([name, value]) => looksSecret(name) || redact(value) !== value,
  );
  if (secret === undefined) return;
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    `The variable ${secret[0]} looks like a secret, which everybody who may read jobs would see: keep it in a Secret and apply a manifest with secretKeyRef.`,
  );
}
