/** The groups tools come in; the first four are the ones served by default. */
export const toolsets = [
  "jobs",
  "logs",
  "configs",
  "repositories",
  "allocations",
  "deployments",
  "nodes",
  "namespaces",
  "variables",
  "cluster",
] as const;
export type Toolset = (typeof toolsets)[number];
