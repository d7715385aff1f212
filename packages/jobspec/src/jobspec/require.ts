import { unreadable } from "../_fault.ts";
import { isFields } from "./json.ts";
import type { Fields } from "./json.ts";
import { validateJobspec } from "./validate.ts";

/**
 * A jobspec that is valid.
 * @throws ParleyError `E_JOBSPEC_INVALID` with the problems in its details.
 */
export function requireJobspec(value: unknown): Fields {
  const { valid, problems } = validateJobspec(value);
  if (valid && isFields(value)) return value;
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  throw unreadable(`The jobspec is not valid: ${first?.path || "it"} ${first?.message}${more}.`);
}
