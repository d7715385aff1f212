import { z } from "zod";

/** Something to mend in a manifest. */
export const ManifestFinding = z.object({
  /** 1 for the first document. */
  document: z.number().int(),
  line: z.number().int(),
  /** An error is refused by the API; a warning is a fault in use; an info is advice. */
  level: z.enum(["error", "warning", "info"]),
  rule: z.string(),
  /** JSON pointer into the object. */
  path: z.string(),
  message: z.string(),
});
export type ManifestFinding = z.infer<typeof ManifestFinding>;
