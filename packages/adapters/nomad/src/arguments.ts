import { z } from "zod";

/** The arguments tools share. Each description ends in an example. */

export const JobId = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[^\s\p{Cc}]+$/u, "holds white space or control characters")
  .describe("ID of the job, for example: web, or for a child: report/dispatch-1795172551-6d3f6a80");

const namespaceRule = "is 1 to 128 letters, digits and dashes";

export const NamespaceName = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,128}$/, namespaceRule)
  .describe("Name of the namespace, for example: development");

export const Namespace = NamespaceName.optional().describe(
  "Namespace to work in; default NOMAD_NAMESPACE, else default; for example: development",
);

export const NamespaceOrAll = z
  .string()
  .regex(/^(?:\*|[A-Za-z0-9-]{1,128})$/, `${namespaceRule}, or *`)
  .optional()
  .describe("Namespace, or * for all; default NOMAD_NAMESPACE, else default; for example: development");

/** A UUID or the beginning of one. */
const shortId = (what: string): z.ZodString =>
  z
    .string()
    .regex(/^[0-9a-fA-F][0-9a-fA-F-]{3,35}$/, "is a UUID or its first four or more characters")
    .describe(`ID of the ${what}, or its first four or more characters, for example: 6d3f6a80`);

export const AllocationId = shortId("allocation");
export const DeploymentId = shortId("deployment");
export const NodeId = shortId("node");

export const TaskName = z
  .string()
  .min(1)
  .max(128)
  .describe("Name of the task; default the only one, else the failed one; for example: server");

export const GroupName = z
  .string()
  .min(1)
  .max(128)
  .describe("Name of the task group; default the only one; for example: web");

export const Confirm = z
  .boolean()
  .default(false)
  .describe("Goes on where the call would destroy something, for example: true");

export const PerPage = z
  .number()
  .int()
  .min(1)
  .max(500)
  .default(50)
  .describe("Entries of one answer, for example: 50");

export const NextToken = z
  .string()
  .max(1024)
  .optional()
  .describe("next_token of the answer before, for example: offset:50");

export const Prefix = z.string().max(128).optional().describe("Keeps IDs that begin so, for example: web-");

export const Filter = z
  .string()
  .max(1024)
  .optional()
  .describe('Filter in Nomad\'s expression language (Nomad 1.3 or later), for example: Type == "batch"');

export const WaitSeconds = z
  .number()
  .min(0)
  .max(86_400)
  .optional()
  .describe(
    "Seconds to wait at most, then the answer says how far it came; default 30, or to the end where the client follows " +
      "the call as a task; for example: 30",
  );

export const TimeoutSeconds = z
  .number()
  .min(0)
  .max(600)
  .default(30)
  .describe("Seconds to wait at most; then the answer says how far it came; for example: 30");

export const Offset = z
  .number()
  .int()
  .min(0)
  .default(0)
  .describe("Character to begin at, from next_offset of the answer before, for example: 0");
