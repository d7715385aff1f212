import { ParleyError } from "@parley/core";
import { z } from "zod";
import type { Call } from "../call.ts";
import { inNamespace, kubectlCall, kubectlOf } from "./client.ts";
import { changedFields } from "./changed-fields.ts";
import { validateManifest } from "./manifest/validate-manifest.ts";
import { textAt } from "../records.ts";
import { objectsOf } from "./summaries.ts";

/** An object that was, or would be, applied. */
export const Applied = z.object({
  kind: z.string(),
  name: z.string(),
  namespace: z.string().optional(),
  change: z.enum(["created", "changed", "unchanged"]),
  /** Fields that differ, as JSON pointers. */
  fields: z.array(z.string()),
});
export type Applied = z.infer<typeof Applied>;

/** How a manifest is applied. */
export interface ApplyRequest {
  readonly tool: string;
  readonly manifest: string;
  readonly namespace?: string | undefined;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly confirm: boolean;
}

const maxFields = 50;

/**
 * Applies a manifest on the server: first a dry run, and what would change existing objects only when confirmed.
 * @throws `E_ARGUMENT_INVALID` for a manifest with errors, `E_CONFIRM_REQUIRED`, `E_OBJECT_CONFLICT`, `E_ENGINE_*`
 */
export async function applyManifest(call: Call, request: ApplyRequest): Promise<readonly Applied[]> {
  await refuseFaults(request.manifest);
  const planned = await plan(call, request);
  if (request.dryRun) return planned;
  const changes = planned.filter(({ change }) => change === "changed");
  if (changes.length > 0 && !request.confirm) throw unconfirmed(request.tool, changes);
  await kubectlOf(call).read(applyCommand(request, []), kubectlCall(call, { input: request.manifest }));
  return planned;
}

async function refuseFaults(manifest: string): Promise<void> {
  const { findings } = await validateManifest(manifest);
  const faults = findings.filter(({ level, rule }) => level === "error" && rule !== "secret-in-env");
  if (faults.length === 0) return;
  const said = faults.slice(0, 5).map(({ line, message }) => `line ${String(line)}: ${message}`);
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    `The manifest has ${String(faults.length)} errors: ${said.join(" ")}`,
  );
}

function applyCommand({ namespace, force }: ApplyRequest, more: readonly string[]): readonly string[] {
  return [
    "apply",
    "--server-side",
    "--field-manager=parley",
    ...(force ? ["--force-conflicts"] : []),
    ...inNamespace(namespace),
    "--filename=-",
    ...more,
  ];
}

async function plan(call: Call, request: ApplyRequest): Promise<readonly Applied[]> {
  const kubectl = kubectlOf(call);
  const given = kubectlCall(call, { input: request.manifest });
  const wanted = objectsOf(await kubectl.json(applyCommand(request, ["--dry-run=server"]), given));
  const found = await kubectl.read(
    ["get", "--filename=-", ...inNamespace(request.namespace), "--ignore-not-found", "--output=json"],
    given,
  );
  const present = new Map(
    found.trim() === ""
      ? []
      : objectsOf(JSON.parse(found)).map((object) => [identity(object), object] as const),
  );
  return wanted.map((object) => {
    const before = present.get(identity(object));
    const fields = before === undefined ? [] : changedFields(before, object);
    const namespace = textAt(object, "metadata", "namespace");
    return {
      kind: textAt(object, "kind") ?? "",
      name: textAt(object, "metadata", "name") ?? "",
      ...(namespace === undefined ? {} : { namespace }),
      change: before === undefined ? "created" : fields.length === 0 ? "unchanged" : "changed",
      fields: fields.slice(0, maxFields),
    };
  });
}

function identity(object: unknown): string {
  const group = (textAt(object, "apiVersion") ?? "").replace(/\/?[^/]+$/, "");
  return [
    group,
    textAt(object, "kind"),
    textAt(object, "metadata", "namespace"),
    textAt(object, "metadata", "name"),
  ].join("\n");
}

function unconfirmed(tool: string, changes: readonly Applied[]): ParleyError {
  const said = changes.map(({ kind, name, fields }) => `${kind} ${name} (${fields.slice(0, 5).join(", ")})`);
  return new ParleyError(
    "E_CONFIRM_REQUIRED",
    `Nothing was done. ${tool} would change ${said.join(", ")}. Call it again with confirm: true to go on.`,
  );
}

/** What was applied, in a line each. */
export function sayApplied(applied: readonly Applied[]): string {
  return applied
    .map(
      ({ kind, name, change, fields }) =>
        `${kind} ${name}: ${change}${fields.length === 0 ? "" : ` (${fields.join(", ")})`}`,
    )
    .join("\n");
}
