/** The groups tools come in; the first three are the ones served by default. */
export const toolsets = ["clusters", "jobs", "account", "storage", "buckets"] as const;
export type Toolset = (typeof toolsets)[number];
