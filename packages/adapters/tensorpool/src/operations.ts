import type { OperationEntry } from "./operation.ts";
import { accountMe } from "./tools/account-me.ts";
import { bucketCreate } from "./tools/bucket-create.ts";
import { bucketDelete } from "./tools/bucket-delete.ts";
import { bucketList } from "./tools/bucket-list.ts";
import { clusterCreate } from "./tools/cluster-create.ts";
import { clusterDestroy } from "./tools/cluster-destroy.ts";
import { clusterEdit } from "./tools/cluster-edit.ts";
import { clusterInfo } from "./tools/cluster-info.ts";
import { clusterList } from "./tools/cluster-list.ts";
import { instanceTypes } from "./tools/instance-types.ts";
import { jobCancel } from "./tools/job-cancel.ts";
import { jobDelete } from "./tools/job-delete.ts";
import { jobInfo } from "./tools/job-info.ts";
import { jobList } from "./tools/job-list.ts";
import { jobListen } from "./tools/job-listen.ts";
import { jobLogs } from "./tools/job-logs.ts";
import { jobPull } from "./tools/job-pull.ts";
import { jobPush } from "./tools/job-push.ts";
import { jobWait } from "./tools/job-wait.ts";
import { jobWriteConfig } from "./tools/job-write-config.ts";
import { leaseList } from "./tools/lease-list.ts";
import { leaseSet } from "./tools/lease-set.ts";
import { requestInfo } from "./tools/request-info.ts";
import { sshKeyAdd } from "./tools/ssh-key-add.ts";
import { sshKeyList } from "./tools/ssh-key-list.ts";
import { sshKeyRemove } from "./tools/ssh-key-remove.ts";
import { storageAttach } from "./tools/storage-attach.ts";
import { storageCreate } from "./tools/storage-create.ts";
import { storageDestroy } from "./tools/storage-destroy.ts";
import { storageDetach } from "./tools/storage-detach.ts";
import { storageEdit } from "./tools/storage-edit.ts";
import { storageInfo } from "./tools/storage-info.ts";
import { storageList } from "./tools/storage-list.ts";
import { version } from "./tools/version.ts";

/** Every operation of the adapter. */
export const tensorPoolOperations: readonly OperationEntry[] = [
  clusterCreate,
  clusterList,
  clusterInfo,
  clusterEdit,
  clusterDestroy,
  leaseList,
  leaseSet,
  jobWriteConfig,
  jobPush,
  jobList,
  jobInfo,
  jobWait,
  jobListen,
  jobLogs,
  jobPull,
  jobCancel,
  jobDelete,
  accountMe,
  version,
  instanceTypes,
  requestInfo,
  sshKeyList,
  sshKeyAdd,
  sshKeyRemove,
  storageCreate,
  storageList,
  storageInfo,
  storageEdit,
  storageDestroy,
  storageAttach,
  storageDetach,
  bucketList,
  bucketCreate,
  bucketDelete,
].map(({ entry }) => entry);
