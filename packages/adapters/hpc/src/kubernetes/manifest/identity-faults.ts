import { recordAt, textAt } from "../records.ts";
import type { ManifestFinding } from "./finding.ts";
import type { ManifestObject } from "./read-manifest.ts";
import { removedVersion } from "./removed-versions.ts";

const label = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const subdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const labelValue = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** What is wrong with an object's kind, name, namespace and labels. */
export function identityFaults({ document, value, lineOf }: ManifestObject): readonly ManifestFinding[] {
  const found: ManifestFinding[] = [];
  const say = (path: string, rule: string, message: string): void =>
    void found.push({ document, line: lineOf(path), level: "error", rule, path, message });
  const apiVersion = textAt(value, "apiVersion");
  const kind = textAt(value, "kind");
  if (apiVersion === undefined) say("/apiVersion", "required", "The object lacks apiVersion.");
  if (kind === undefined) say("/kind", "required", "The object lacks kind.");
  const gone = removedVersion(apiVersion ?? "", kind ?? "");
  if (gone !== undefined) say("/apiVersion", "removed-version", gone);
  const name = textAt(value, "metadata", "name");
  const generated = textAt(value, "metadata", "generateName");
  if (name === undefined && generated === undefined)
    say("/metadata/name", "required", "The object lacks metadata.name.");
  if (
    name !== undefined &&
    !(subdomain.test(name) && name.length <= (kind === "Job" || kind === "Namespace" ? 63 : 253))
  )
    say(
      "/metadata/name",
      "name",
      `${JSON.stringify(name.slice(0, 80))} is no name: small letters, digits and dashes, 63 at most.`,
    );
  const namespace = textAt(value, "metadata", "namespace");
  if (namespace !== undefined && !label.test(namespace))
    say("/metadata/namespace", "name", `${JSON.stringify(namespace.slice(0, 80))} is no namespace.`);
  for (const [key, given] of Object.entries(recordAt(value, "metadata", "labels")))
    if (typeof given !== "string" || !labelValue.test(given))
      say(
        `/metadata/labels/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`,
        "label",
        `The label ${key} must be a text of 63 letters, digits, dashes, dots and underscores at most; quote numbers and true.`,
      );
  return found;
}
