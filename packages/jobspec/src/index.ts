/** Batch scripts and jobspecs read, written and turned into one another: Flux, Slurm, PBS, LSF, OAR, Cobalt, Moab, Kubernetes. */

export {};
