import { sleepTimer } from "./apps/sleep-timer.ts";
import { filesystemFindDirectory } from "./files/tools/find-directory.ts";
import { filesystemFindFile } from "./files/tools/find-file.ts";
import { filesystemListDirectory } from "./files/tools/list-directory.ts";
import { filesystemReadFile } from "./files/tools/read-file.ts";
import { filesystemSearchText } from "./files/tools/search-text.ts";
import { filesystemStat } from "./files/tools/stat-path.ts";
import { filesystemTailFile } from "./files/tools/tail-file.ts";
import { filesystemWriteFile } from "./files/tools/write-file.ts";
import type { OperationEntry } from "./operation.ts";
import { slurmAccounting } from "./slurm/tools/accounting.ts";
import { slurmCancelJob } from "./slurm/tools/cancel-job.ts";
import { slurmEstimateStart } from "./slurm/tools/estimate-start.ts";
import { slurmHoldJob } from "./slurm/tools/hold-job.ts";
import { slurmJobInfo } from "./slurm/tools/job-info.ts";
import { slurmJobLogs } from "./slurm/tools/job-logs.ts";
import { slurmNodes } from "./slurm/tools/nodes.ts";
import { slurmPartitions } from "./slurm/tools/partitions.ts";
import { slurmQueue } from "./slurm/tools/queue.ts";
import { slurmReleaseJob } from "./slurm/tools/release-job.ts";
import { slurmRunJob } from "./slurm/tools/run-job.ts";
import { slurmSubmitJob } from "./slurm/tools/submit-job.ts";
import { slurmWaitForJob } from "./slurm/tools/wait-for-job.ts";
import { systemFacts } from "./system/system-facts.ts";
import { moduleAvail } from "./software/tools/module-avail.ts";
import { moduleSpider } from "./software/tools/module-spider.ts";
import { moduleShow } from "./software/tools/module-show.ts";
import { moduleLoadInstruction } from "./software/tools/module-load-instruction.ts";
import { moduleGetPath } from "./software/tools/module-get-path.ts";
import { whichSpack } from "./software/tools/which-spack.ts";
import { spackFind } from "./software/tools/spack-find.ts";
import { spackList } from "./software/tools/spack-list.ts";
import { spackInfo } from "./software/tools/spack-info.ts";
import { spackSpec } from "./software/tools/spack-spec.ts";
import { spackInstall } from "./software/tools/spack-install.ts";
import { validateLmpProblemSize } from "./apps/validate-lmp-problem-size.ts";

const slurm = [
  slurmSubmitJob,
  slurmRunJob,
  slurmQueue,
  slurmJobInfo,
  slurmWaitForJob,
  slurmJobLogs,
  slurmCancelJob,
  slurmEstimateStart,
  slurmPartitions,
  slurmNodes,
  slurmAccounting,
  slurmHoldJob,
  slurmReleaseJob,
];

const files = [
  filesystemListDirectory,
  filesystemReadFile,
  filesystemTailFile,
  filesystemStat,
  filesystemFindFile,
  filesystemFindDirectory,
  filesystemSearchText,
  filesystemWriteFile,
];

const software = [
  moduleAvail,
  moduleSpider,
  moduleShow,
  moduleLoadInstruction,
  moduleGetPath,
  whichSpack,
  spackFind,
  spackList,
  spackInfo,
  spackSpec,
  spackInstall,
];

const apps = [validateLmpProblemSize, sleepTimer];

/** Every operation, in the order tools are listed in. */
export const hpcOperations: readonly OperationEntry[] = [
  ...slurm,
  systemFacts,
  ...software,
  ...files,
  ...apps,
].map(({ entry }) => entry);
