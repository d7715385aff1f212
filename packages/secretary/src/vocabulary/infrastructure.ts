/** A term of a closed vocabulary: the name records use, and its spellings as regular expression sources. */
export interface Term {
  readonly name: string;
  readonly patterns: readonly string[];
}

const term = (name: string, ...patterns: string[]): Term => ({ name, patterns: [name, ...patterns] });

/** Interconnects, by the kinds `Fabric` records use. */
export const fabrics: readonly Term[] = [
  term("infiniband", "infini-band", "infini band", "mellanox ib"),
  term("slingshot", "cray slingshot", "hpe slingshot"),
  term("omni-path", "omnipath", "omni path", "opa"),
  term("roce", "roce ?v2"),
  term("efa", "elastic fabric adapter"),
  term("aries", "cray aries"),
  term("tofu", "tofu-?d"),
  term("ethernet"),
];

/** InfiniBand speed grades in Gb/s per port of four lanes. */
export const infinibandGrades: Readonly<Record<string, number>> = {
  qdr: 40, fdr: 56, edr: 100, hdr100: 100, hdr: 200, ndr200: 200, ndr: 400, xdr: 800,
}; // prettier-ignore

/** File systems and object stores, by the kinds `Storage` records use. */
export const fileSystems: readonly Term[] = [
  term("lustre"),
  term("gpfs", "(?:ibm )?(?:spectrum|storage) scale"),
  term("beegfs", "bee-?gfs"),
  term("nfs"),
  term("s3", "object (?:storage|store)"),
  term("ceph", "cephfs"),
  term("daos"),
  term("weka", "wekafs"),
  term("panfs"),
  term("orangefs"),
  term("hdfs"),
];

/** Container runtimes. */
export const containerRuntimes: readonly Term[] = [
  term("apptainer"),
  term("singularity", "singularityce"),
  term("docker"),
  term("podman", "podman-hpc"),
  term("charliecloud", "ch-run"),
  term("shifter"),
  term("enroot"),
  term("sarus"),
  term("pyxis"),
  term("containerd"),
];

/** MPI implementations, by the names MPI providers report. */
export const mpiImplementations: readonly Term[] = [
  term("openmpi", "open[- ]mpi", "ompi"),
  term("mvapich2", "mvapich"),
  term("cray-mpich", "cray mpich", "cray mpi"),
  term("mpich"),
  term("intel-mpi", "intel mpi", "intelmpi", "impi"),
  term("spectrum-mpi", "spectrum mpi"),
];

/** Workload managers. */
export const workloadManagers: readonly Term[] = [
  term("slurm"),
  term("flux", "flux-framework"),
  term("kubernetes", "k8s", "kubectl"),
  term("pbs", "pbs ?pro", "openpbs"),
  term("torque"),
  term("lsf"),
  term("sge", "grid engine", "gridengine"),
  term("htcondor", "condor"),
  term("cobalt"),
  term("moab"),
  term("oar"),
  term("nomad"),
];

/** One alternation over every spelling, longest first so that no spelling hides a longer one. */
export function anyOf(terms: readonly Term[]): string {
  const patterns = terms.flatMap((entry) => entry.patterns);
  return patterns.toSorted((a, b) => b.length - a.length).join("|");
}

/** A reader from matched words to the name records use. */
export function termReader(terms: readonly Term[]): (words: string) => string | undefined {
  const compiled = terms.map((entry) => ({
    name: entry.name,
    whole: new RegExp(`^(?:${entry.patterns.join("|")})$`),
  }));
  return (words) => compiled.find((entry) => entry.whole.test(words))?.name;
}
