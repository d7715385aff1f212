import type { Requirement } from "./requirement.ts";

const source = "issue 4, deliver 4";

/** The tools of an HPC site. */
export const hpc = {
  "HPC-01": {
    source,
    says: "Every Slurm tool works on a real cluster: submit, run, queue, info, wait, logs, cancel, estimate, nodes, partitions, accounts, hold, release.",
  },
  "HPC-02": {
    source: "issue 4, shows",
    says: "A job name, path, spec or id with quotes, newlines, .., $(...) or leading dashes does what it says or is refused, and nothing else happens.",
  },
  "HPC-03": {
    source,
    says: "The file tools list, read by cursor, tail, stat, find, search and write, bounded.",
  },
  "HPC-04": {
    source,
    says: "No path, link or race makes the file tools read or write outside the open folders.",
  },
  "HPC-05": { source, says: "Spack is searched, and builds with checksums; failures carry both outputs." },
  "HPC-06": { source, says: "Modules of Lmod and environment-modules are listed, searched and explained." },
  "HPC-07": { source, says: "Facts about the machine are read without a shell; absent and unknown differ." },
  "HPC-08": { source, says: "Application helpers check what a model got wrong before it runs." },
  "HPC-09": {
    source: "coverage, adapters",
    says: "Each tool is also a function of its name that applies its defaults, and loads alone with its scope and schemas.",
  },
  "HPC-10": {
    source: "issue 4, common rules",
    says: "About ten tools are served by default; groups and names choose others.",
  },
  "HPC-11": {
    source: "coverage, adapters",
    says: "Every function and prompt of hpc-mcp is kept by name and arguments, or listed as dropped with the reason.",
  },
  "HPC-12": {
    source: "issue 4, shows",
    says: "The built program answers a v1 client over stdio, as a desktop host starts it.",
  },
  "HPC-13": {
    source: "issue 4, shows",
    says: "Slurm's queue, jobs, nodes and accounts are read alike from 22.05, 24.11 and 26.05, whatever jobs are called.",
  },
} as const satisfies Readonly<Record<string, Requirement>>;
