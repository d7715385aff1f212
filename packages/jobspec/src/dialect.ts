import { z } from "zod";

/**
 * A form a batch job can be written in. `flux` is a script for `flux batch`, `flux-jobspec` the JSON document of
 * RFC 25; `pbs` is PBS Pro and OpenPBS (select statements), `torque` asks for `nodes=N:ppn=P`.
 */
export const Dialect = z.enum([
  "flux",
  "flux-jobspec",
  "slurm",
  "pbs",
  "torque",
  "lsf",
  "oar",
  "cobalt",
  "moab",
  "kubernetes",
]);
export type Dialect = z.infer<typeof Dialect>;

/** Every {@link Dialect}. */
export const dialects: readonly Dialect[] = Dialect.options;
