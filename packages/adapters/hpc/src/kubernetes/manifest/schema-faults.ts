import { z } from "zod";
import type { ManifestFinding } from "./finding.ts";
import type { ManifestObject } from "./read-manifest.ts";
import { modelOf } from "./schemas.ts";
import { unknownFields } from "./unknown-fields.ts";

const Faults = z.object({
  errors: z.array(
    z.object({
      instancePath: z.string(),
      keyword: z.string(),
      message: z.string().optional(),
      params: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
});

/** What the published schema of an object's kind says against it; `undefined` for a kind whose schema is not here. */
export async function schemaFaults(object: ManifestObject): Promise<readonly ManifestFinding[] | undefined> {
  const model = await modelOf(object.value);
  if (model === undefined) return undefined;
  const faults = new Map<string, ManifestFinding>();
  const add = (path: string, rule: string, message: string): void => {
    // Of a choice that fails each branch complains; the first says enough.
    if (faults.has(path)) return;
    faults.set(path, {
      document: object.document,
      line: object.lineOf(path),
      level: "error",
      rule,
      path,
      message,
    });
  };
  try {
    model.validate();
  } catch (error) {
    const read = Faults.safeParse(error);
    if (!read.success) throw error;
    for (const { instancePath, keyword, message = "is wrong", params = {} } of read.data.errors) {
      const allowed = params["allowedValues"];
      const missing = params["missingProperty"];
      if (keyword === "required")
        add(
          `${instancePath}/${String(missing)}`,
          "required",
          `${nameOf(instancePath)} lacks ${String(missing)}.`,
        );
      else if (Array.isArray(allowed))
        add(instancePath, "schema", `${nameOf(instancePath)} must be one of ${allowed.join(", ")}.`);
      else add(instancePath, "schema", `${nameOf(instancePath)} ${message}.`);
    }
  }
  for (const path of unknownFields(model))
    add(path, "unknown-field", `There is no field ${nameOf(path)} in a ${String(object.value["kind"])}.`);
  return [...faults.values()];
}

const nameOf = (pointer: string): string =>
  pointer === "" ? "the object" : pointer.slice(1).replaceAll("/", ".").replaceAll("~1", "/");
