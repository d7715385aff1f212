/** What a configuration is filled in with. */
interface SlurmPlace {
  readonly directory: string;
  readonly host: string;
  readonly ports: readonly number[];
}

/** One cluster of the harness. */
export interface SlurmConfiguration {
  readonly name: string;
  /** How many ports it needs. */
  readonly ports: number;
  /** The nodes whose slurmd is started. */
  readonly nodes: readonly string[];
  slurmConf(place: SlurmPlace): string;
  gresConf(directory: string): string;
  /** Commands once all nodes are idle. */
  readonly afterwards: readonly (readonly string[])[];
}

const common = (name: string, { directory, host, ports }: SlurmPlace): string => `ClusterName=${name}
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${ports[0]}
SlurmdPort=${ports[1]}
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser=root
SlurmdUser=root
AuthType=auth/none
CredType=cred/none
StateSaveLocation=${directory}/state
SlurmdSpoolDir=${directory}/spool/%n
SlurmctldPidFile=${directory}/run/slurmctld.pid
SlurmdPidFile=${directory}/run/slurmd-%n.pid
SlurmctldLogFile=${directory}/log/slurmctld.log
SlurmdLogFile=${directory}/log/slurmd-%n.log
SlurmdParameters=config_overrides
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,bf_interval=1
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
KillWait=1
MinJobAge=600
EnforcePartLimits=ALL
JobCompType=jobcomp/filetxt
JobCompLoc=${directory}/log/jobcomp.log
AccountingStorageType=accounting_storage/none
GresTypes=gpu
`;

const node = (place: SlurmPlace, index: number, address = "127.0.0.1"): string =>
  `NodeHostname=${place.host} NodeAddr=${address} Port=${place.ports[index + 2]} State=UNKNOWN`;

/** Where nobody listens: a port that nobody keeps may become that of another cluster's daemon, which answers. */
const silentAddress = "127.0.0.77";

/** Small plain nodes. */
export const alphaConfiguration: SlurmConfiguration = {
  name: "alpha",
  ports: 5,
  nodes: ["alpha1", "alpha2", "alpha3"],
  slurmConf: (place) =>
    [
      common("alpha", place),
      ...[1, 2, 3].map(
        (number, index) => `NodeName=alpha${number} CPUs=2 RealMemory=4000 ${node(place, index)}\n`,
      ),
      "PartitionName=debug Nodes=alpha[1-3] Default=YES MaxTime=01:00:00 State=UP\n",
    ].join(""),
  gresConf: () => "",
  afterwards: [],
};

const cpuHardware = "Sockets=2 CoresPerSocket=32 RealMemory=256000 Feature=zen3,ib";
const gpuHardware =
  "Sockets=2 CoresPerSocket=16 ThreadsPerCore=2 RealMemory=512000 Gres=gpu:h100:4 Feature=zen4,ib,nvme";

/** Large nodes that this machine does not have: drained, dead, with GPUs, and in a partition that is down. */
export const gammaConfiguration: SlurmConfiguration = {
  name: "gamma",
  ports: 7,
  nodes: ["cpu1", "cpu2", "gpu1", "gpu2"],
  slurmConf: (place) =>
    [
      common("gamma", place),
      ...[
        cpuHardware,
        cpuHardware,
        gpuHardware,
        gpuHardware,
        "Sockets=2 CoresPerSocket=32 RealMemory=256000",
      ].map(
        (hardware, index) =>
          `NodeName=${["cpu1", "cpu2", "gpu1", "gpu2", "dead1"][index]} ${hardware} ${node(place, index, index === 4 ? silentAddress : undefined)}\n`,
      ),
      "PartitionName=batch Nodes=cpu[1-2],dead1 Default=YES MaxTime=1-00:00:00 State=UP\n",
      "PartitionName=gpu Nodes=gpu[1-2] MaxTime=12:00:00 DefaultTime=01:00:00 State=UP\n",
      "PartitionName=old Nodes=cpu1 State=DOWN\n",
    ].join(""),
  gresConf: (directory) => `NodeName=gpu[1-2] Name=gpu Type=h100 File=${directory}/dev/nvidia[0-3]\n`,
  afterwards: [["scontrol", "update", "nodename=cpu2", "state=drain", "reason=disk swap"]],
};
