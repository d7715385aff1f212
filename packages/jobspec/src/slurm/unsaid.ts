import { unsaid } from "../script/options.ts";
import type { Option } from "../script/options.ts";

const placement = "How work is placed inside an allocation is not carried.";
const site = "This is a matter of the Slurm site.";
const command = "This is about the command sbatch, not about the job.";

const valued: readonly (readonly [string, readonly string[]])[] = [
  [
    placement,
    ["-B", "--extra-node-info", "--cores-per-socket", "--sockets-per-node", "--threads-per-core", "--hint"],
  ],
  [
    placement,
    ["-m", "--distribution", "--mem-bind", "--cpu-bind", "--gpu-bind", "--gres-flags", "--switches"],
  ],
  [
    placement,
    ["--ntasks-per-core", "--ntasks-per-socket", "--ntasks-per-gpu", "--cpus-per-gpu", "--mincpus"],
  ],
  [placement, ["--gpus-per-socket", "-S", "--core-spec", "--thread-spec", "--tmp", "-F", "--nodefile"]],
  [site, ["--cluster-constraint", "-M", "--clusters", "--wckey", "--mcs-label", "--network", "--power"]],
  [
    site,
    ["--acctg-freq", "--cpu-freq", "--gpu-freq", "--profile", "--bb", "--bbf", "--batch", "--delay-boot"],
  ],
  [site, ["--comment", "--prefer", "--deadline", "--time-min", "--open-mode", "--kill-on-invalid-dep"]],
  [
    site,
    [
      "--container",
      "--gid",
      "--uid",
      "--export-file",
      "--wait-all-nodes",
      "--wrap",
      "--tres-per-task",
      "--tres-bind",
    ],
  ],
];
const flags: readonly (readonly [string, readonly string[]])[] = [
  [
    placement,
    ["--contiguous", "-O", "--overcommit", "-s", "--oversubscribe", "--spread-job", "--use-min-nodes"],
  ],
  [site, ["--reboot"]],
  [command, ["-h", "--help", "--parsable", "-Q", "--quiet", "--test-only", "--usage"]],
  [command, ["-v", "--verbose", "-V", "--version", "-W", "--wait"]],
];
const optional: readonly (readonly [string, readonly string[]])[] = [
  [site, ["-k", "--no-kill", "--propagate", "--get-user-env"]],
];

const each = (groups: readonly (readonly [string, readonly string[]])[], takes: Option["takes"]): Option[] =>
  groups.flatMap(([note, names]) => names.map((name) => unsaid([name], takes, note)));

/** Options of sbatch that are understood and have no field. */
export const slurmUnsaid: readonly Option[] = [
  ...each(valued, "value"),
  ...each(flags, "nothing"),
  ...each(optional, "optional"),
];
