import { redact } from "@parley/exec";
import { looksSecret } from "../containers/secret-names.ts";
import { isRecord } from "../records.ts";

const applied = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * A copy of an object that can be shown: no values of Secrets or of variables named like secrets, nothing that looks
 * like a token, and without the bookkeeping of the API.
 */
export function showable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(showable);
  if (typeof value === "string") return redact(value);
  if (!isRecord(value)) return value;
  const secret = value["kind"] === "Secret";
  const variable = typeof value["name"] === "string" && looksSecret(value["name"]);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "managedFields" && key !== applied)
      .map(([key, field]) => {
        if (secret && (key === "data" || key === "stringData")) return [key, hideAll(field)];
        if (variable && key === "value") return [key, "[redacted]"];
        return [key, showable(field)];
      }),
  );
}

function hideAll(field: unknown): unknown {
  if (!isRecord(field)) return "[redacted]";
  return Object.fromEntries(Object.keys(field).map((key) => [key, "[redacted]"]));
}
