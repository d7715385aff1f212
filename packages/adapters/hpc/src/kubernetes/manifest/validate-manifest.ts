import { textAt } from "../../records.ts";
import { adviceOn } from "./advice.ts";
import type { ManifestFinding } from "./finding.ts";
import { identityFaults } from "./identity-faults.ts";
import { readManifest } from "./read-manifest.ts";
import { schemaFaults } from "./schema-faults.ts";

/** An object of a manifest, by name. */
interface ManifestEntry {
  readonly document: number;
  readonly api_version: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  /** Whether its fields were checked against the published schema of its kind. */
  readonly schema_checked: boolean;
}

/** What was found in a manifest without a cluster. */
export interface ManifestReport {
  readonly objects: readonly ManifestEntry[];
  readonly findings: readonly ManifestFinding[];
}

/** Validates a manifest without a cluster. @throws `E_ARGUMENT_INVALID` for more documents than are read */
export async function validateManifest(text: string): Promise<ManifestReport> {
  const { objects, faults } = readManifest(text);
  const entries: ManifestEntry[] = [];
  const findings: ManifestFinding[] = [...faults];
  if (objects.length === 0 && faults.length === 0) {
    findings.push({
      document: 1,
      line: 1,
      level: "error",
      rule: "syntax",
      path: "",
      message: "There is no object in it.",
    });
  }
  for (const object of objects) {
    const schema = await schemaFaults(object);
    const namespace = textAt(object.value, "metadata", "namespace");
    entries.push({
      document: object.document,
      api_version: textAt(object.value, "apiVersion") ?? "",
      kind: textAt(object.value, "kind") ?? "",
      name: textAt(object.value, "metadata", "name") ?? "",
      ...(namespace === undefined ? {} : { namespace }),
      schema_checked: schema !== undefined,
    });
    findings.push(...withoutRepeats([...identityFaults(object), ...(schema ?? []), ...adviceOn(object)]));
  }
  return { objects: entries, findings: findings.toSorted((a, b) => a.line - b.line) };
}

/** Of several complaints about one place the first is kept. */
function withoutRepeats(findings: readonly ManifestFinding[]): readonly ManifestFinding[] {
  const seen = new Set<string>();
  return findings.filter(({ path, level }) => {
    const key = `${level === "error" ? "" : level}${path}`;
    if (seen.has(key) && level !== "info") return false;
    seen.add(key);
    return true;
  });
}
