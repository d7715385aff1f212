import type { Requirement } from "./requirement.ts";

/** Any tools, prompts, resources and events behind one server. */
export const mcpserver = {} as const satisfies Record<string, Requirement>;
