/** The groups tools come in. */
export const toolsets = [
  "slurm",
  "slurm-extra",
  "system",
  "software",
  "software-write",
  "files",
  "files-write",
  "apps",
  "containers",
  "kubernetes",
  "kubernetes-write",
] as const;
export type Toolset = (typeof toolsets)[number];

/** The groups served when none are named: about ten tools. */
export const defaultToolsets: readonly Toolset[] = ["slurm", "system"];
