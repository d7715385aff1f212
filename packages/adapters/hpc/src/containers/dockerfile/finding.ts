import { z } from "zod";
import type { DockerfileModel } from "./read-dockerfile.ts";

/** Something to mend in a Dockerfile. */
export const Finding = z.object({
  /** 1 for the first line. */
  line: z.number().int(),
  /** An error breaks the build or leaks a secret; a warning is a fault in use; an info is advice. */
  level: z.enum(["error", "warning", "info"]),
  rule: z.string(),
  message: z.string(),
});
export type Finding = z.infer<typeof Finding>;

/** A check of a Dockerfile. */
export type Check = (file: DockerfileModel) => readonly Finding[];
