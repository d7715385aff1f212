import { recordAt, textAt } from "../../records.ts";
import type { ManifestFinding } from "./finding.ts";
import type { ManifestObject } from "./read-manifest.ts";
import { removedVersion } from "./removed-versions.ts";

const label = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const subdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
/** Roles may be called after what they belong to, as in system:node. */
const roleName = /^[^/%\s]+$/;
const labelValue = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

type Say = (path: string, rule: string, message: string) => void;

/** What is wrong with an object's kind, name, namespace and labels. */
export function identityFaults({ document, value, lineOf }: ManifestObject): readonly ManifestFinding[] {
  const found: ManifestFinding[] = [];
  const say: Say = (path, rule, message) =>
    void found.push({ document, line: lineOf(path), level: "error", rule, path, message });
  const apiVersion = textAt(value, "apiVersion");
  const kind = textAt(value, "kind");
  if (apiVersion === undefined) say("/apiVersion", "required", "The object lacks apiVersion.");
  if (kind === undefined) say("/kind", "required", "The object lacks kind.");
  const gone = removedVersion(apiVersion ?? "", kind ?? "");
  if (gone !== undefined) say("/apiVersion", "removed-version", gone);
  checkName(value, kind, say);
  checkLabels(value, say);
  return found;
}

/** Pods of a job carry its name as a label, which is shorter than a name may be. */
const shortNames = new Set(["Job", "Namespace", "Service", "CronJob"]);

function checkName(value: Readonly<Record<string, unknown>>, kind: string | undefined, say: Say): void {
  const name = textAt(value, "metadata", "name");
  const generated = textAt(value, "metadata", "generateName");
  if (name === undefined && generated === undefined)
    say("/metadata/name", "required", "The object lacks metadata.name.");
  const longest = kind === "CronJob" ? 52 : shortNames.has(kind ?? "") ? 63 : 253;
  const pattern =
    kind?.startsWith("ClusterRole") === true || kind?.startsWith("Role") === true ? roleName : subdomain;
  if (name !== undefined && !(pattern.test(name) && name.length <= longest)) {
    const shown = JSON.stringify(name.slice(0, 80));
    const rule = `small letters, digits, dashes and dots, ${String(longest)} at most`;
    say("/metadata/name", "name", `${shown} is no name of a ${kind ?? "object"}: ${rule}.`);
  }
  const namespace = textAt(value, "metadata", "namespace");
  if (namespace !== undefined && !label.test(namespace))
    say("/metadata/namespace", "name", `${JSON.stringify(namespace.slice(0, 80))} is no namespace.`);
}

function checkLabels(value: Readonly<Record<string, unknown>>, say: Say): void {
  for (const [key, given] of Object.entries(recordAt(value, "metadata", "labels"))) {
    if (typeof given === "string" && labelValue.test(given)) continue;
    const path = `/metadata/labels/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    const rule = "63 letters, digits, dashes, dots and underscores at most; quote numbers and true";
    say(path, "label", `The label ${key} must be a text of ${rule}.`);
  }
}
