import type { Dialect } from "../dialect.ts";

/** What a variable tells a script. */
export type VariableMeaning =
  | "jobId"
  | "jobName"
  | "arrayIndex"
  | "arrayJobId"
  | "submitDirectory"
  | "nodeCount"
  | "taskCount"
  | "nodeFile"
  | "queue"
  | "account"
  | "user"
  | "submitHost";

/** The variable of each meaning, older spellings after it. */
type Variables = Readonly<Partial<Record<VariableMeaning, readonly [string, ...string[]]>>>;

const withoutArrayId: Variables = {
  jobId: ["PBS_JOBID"],
  jobName: ["PBS_JOBNAME"],
  submitDirectory: ["PBS_O_WORKDIR"],
  nodeFile: ["PBS_NODEFILE"],
  queue: ["PBS_QUEUE"],
  user: ["PBS_O_LOGNAME"],
  submitHost: ["PBS_O_HOST"],
};
const pbs: Variables = { ...withoutArrayId, arrayIndex: ["PBS_ARRAY_INDEX"], arrayJobId: ["PBS_ARRAY_ID"] };
const flux: Variables = { jobId: ["FLUX_ENCLOSING_ID"] };

/** Variables a scheduler sets for a batch script, by meaning. */
export const variables: Readonly<Record<Dialect, Variables>> = {
  flux,
  "flux-jobspec": flux,
  slurm: {
    jobId: ["SLURM_JOB_ID", "SLURM_JOBID"],
    jobName: ["SLURM_JOB_NAME"],
    arrayIndex: ["SLURM_ARRAY_TASK_ID"],
    arrayJobId: ["SLURM_ARRAY_JOB_ID"],
    submitDirectory: ["SLURM_SUBMIT_DIR"],
    nodeCount: ["SLURM_JOB_NUM_NODES", "SLURM_NNODES"],
    taskCount: ["SLURM_NTASKS", "SLURM_NPROCS"],
    queue: ["SLURM_JOB_PARTITION"],
    account: ["SLURM_JOB_ACCOUNT"],
    user: ["SLURM_JOB_USER"],
    submitHost: ["SLURM_SUBMIT_HOST"],
  },
  pbs,
  torque: {
    ...withoutArrayId,
    arrayIndex: ["PBS_ARRAYID"],
    nodeCount: ["PBS_NUM_NODES"],
    taskCount: ["PBS_NP"],
  },
  lsf: {
    jobId: ["LSB_JOBID"],
    jobName: ["LSB_JOBNAME"],
    arrayIndex: ["LSB_JOBINDEX"],
    arrayJobId: ["LSB_JOBID"],
    submitDirectory: ["LS_SUBCWD"],
    taskCount: ["LSB_DJOB_NUMPROC"],
    nodeFile: ["LSB_DJOB_HOSTFILE"],
    queue: ["LSB_QUEUE"],
    account: ["LSB_PROJECT_NAME"],
    submitHost: ["LSB_SUB_HOST"],
  },
  oar: {
    jobId: ["OAR_JOB_ID", "OAR_JOBID"],
    jobName: ["OAR_JOB_NAME"],
    arrayIndex: ["OAR_ARRAY_INDEX", "OAR_ARRAYINDEX"],
    arrayJobId: ["OAR_ARRAY_ID", "OAR_ARRAYID"],
    submitDirectory: ["OAR_WORKING_DIRECTORY", "OAR_WORKDIR", "OAR_O_WORKDIR"],
    nodeFile: ["OAR_NODEFILE", "OAR_NODE_FILE", "OAR_FILE_NODES"],
    account: ["OAR_PROJECT_NAME"],
    user: ["OAR_USER"],
  },
  cobalt: { jobId: ["COBALT_JOBID"], nodeCount: ["COBALT_JOBSIZE"], nodeFile: ["COBALT_NODEFILE"] },
  moab: {
    jobId: ["MOAB_JOBID", "PBS_JOBID"],
    jobName: ["MOAB_JOBNAME", "PBS_JOBNAME"],
    arrayIndex: ["MOAB_JOBARRAYINDEX"],
    submitDirectory: ["MOAB_SUBMITDIR", "PBS_O_WORKDIR"],
    nodeCount: ["MOAB_NODECOUNT"],
    taskCount: ["MOAB_PROCCOUNT"],
    nodeFile: ["PBS_NODEFILE"],
    queue: ["MOAB_CLASS"],
    account: ["MOAB_ACCOUNT"],
    user: ["MOAB_USER"],
  },
  kubernetes: { arrayIndex: ["JOB_COMPLETION_INDEX"] },
};

/** The variable of the target that tells what one of the source does; `undefined` when none does. */
export function counterpartOf(name: string, from: Dialect, to: Dialect): string | undefined {
  const meanings = Object.entries(variables[from]).filter(([, names]) => names.includes(name));
  const targets = Object.entries(variables[to]);
  for (const [meaning] of meanings) {
    const found = targets.find(([other]) => other === meaning)?.[1];
    // A spelling both know needs no other name.
    if (found !== undefined) return found.includes(name) ? name : found[0];
  }
  return undefined;
}
