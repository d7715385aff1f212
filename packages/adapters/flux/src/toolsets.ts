/** The groups tools come in; the first three are the ones served by default. */
export const toolsets = [
  "jobs",
  "site",
  "translate",
  "control",
  "planning",
  "jobspecs",
  "delegate",
  "admin",
] as const;
export type Toolset = (typeof toolsets)[number];
