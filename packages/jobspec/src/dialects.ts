import type { BatchJob } from "./batch-job.ts";
import { readCobalt } from "./cobalt/read.ts";
import { writeCobalt } from "./cobalt/write.ts";
import type { Dialect } from "./dialect.ts";
import type { Draft } from "./draft.ts";
import { readFlux } from "./flux/read.ts";
import { writeFlux } from "./flux/write.ts";
import { readFluxJobspec } from "./jobspec/read.ts";
import { writeFluxJobspec } from "./jobspec/write.ts";
import { readKubernetes } from "./kubernetes/read.ts";
import { writeKubernetes } from "./kubernetes/write.ts";
import { readLsf } from "./lsf/read.ts";
import { writeLsf } from "./lsf/write.ts";
import { writeMoab } from "./moab/write.ts";
import { readOar } from "./oar/read.ts";
import { writeOar } from "./oar/write.ts";
import { writePbs } from "./pbs/write.ts";
import { readQsub } from "./qsub/read.ts";
import { readSlurm } from "./slurm/read.ts";
import { writeSlurm } from "./slurm/write.ts";
import { writeTorque } from "./torque/write.ts";
import type { Pen } from "./writing.ts";

/** Reader and writer of a dialect. */
interface Implementation {
  readonly read: (text: string) => Draft;
  readonly write: (job: BatchJob, pen: Pen, image: string | undefined) => string;
}

/** How each dialect is read and written. */
export const implementations: Readonly<Record<Dialect, Implementation>> = {
  flux: { read: readFlux, write: writeFlux },
  "flux-jobspec": { read: readFluxJobspec, write: writeFluxJobspec },
  slurm: { read: readSlurm, write: writeSlurm },
  pbs: { read: (text) => readQsub("pbs", text), write: writePbs },
  torque: { read: (text) => readQsub("torque", text), write: writeTorque },
  lsf: { read: readLsf, write: writeLsf },
  oar: { read: readOar, write: writeOar },
  cobalt: { read: readCobalt, write: writeCobalt },
  moab: { read: (text) => readQsub("moab", text), write: writeMoab },
  kubernetes: { read: readKubernetes, write: writeKubernetes },
};
