import { ParleyError, formatBytes } from "@parley/core";
import type { JobSpec } from "@parley/core";

/** What this machine has for jobs. */
export interface Capacity {
  readonly cores: number;
  readonly memoryBytes: number;
}

const refuse = (sentence: string, details: Record<string, unknown>): never => {
  throw new ParleyError("E_ENGINE_REFUSED", sentence, { details });
};

/**
 * What a job needs of this machine.
 * @throws {@link ParleyError} `E_ENGINE_REFUSED` when it can never fit
 */
export function demandOf(spec: JobSpec, capacity: Capacity): Capacity {
  const {
    nodes = 1,
    tasksPerNode = 1,
    coresPerTask = 1,
    gpusPerNode = 0,
    memoryBytesPerNode = 0,
  } = spec.resources;
  const tasks = spec.resources.tasks ?? tasksPerNode;
  const cores =
    spec.resources.exclusive === true ? Math.max(capacity.cores, tasks * coresPerTask) : tasks * coresPerTask;
  if (spec.queue !== undefined && spec.queue !== "local") {
    refuse(`This machine has one queue, "local"; the job names "${spec.queue.slice(0, 100)}".`, {
      queue: spec.queue,
    });
  }
  if (nodes > 1) refuse(`The job asks for ${nodes} nodes; this machine is 1.`, { nodes, available: 1 });
  if (cores > capacity.cores) {
    refuse(`The job asks for ${cores} cores; this machine has ${capacity.cores}.`, {
      cores,
      available: capacity.cores,
    });
  }
  if (gpusPerNode > 0) {
    refuse(`The job asks for ${gpusPerNode} GPUs; this machine offers 0.`, {
      gpus: gpusPerNode,
      available: 0,
    });
  }
  if (memoryBytesPerNode > capacity.memoryBytes) {
    refuse(
      `The job asks for ${formatBytes(memoryBytesPerNode)} of memory; this machine has ${formatBytes(capacity.memoryBytes)}.`,
      { memoryBytes: memoryBytesPerNode, available: capacity.memoryBytes },
    );
  }
  return { cores, memoryBytes: memoryBytesPerNode };
}

// Variables through which an allowed program could be made to run another one.
const steering =
  /^(?:LD_.*|DYLD_.*|BASH_.*|GCONV_PATH|GLIBC_TUNABLES|PATH|ENV|IFS|SHELLOPTS|NODE_OPTIONS|NODE_PATH|PYTHON(?:PATH|HOME|STARTUP|INSPECT|USERBASE|BREAKPOINT|PLATLIBDIR)|PERL5?(?:OPT|LIB|DB)|RUBY(?:OPT|LIB)|(?:JAVA_TOOL|JDK_JAVA|_JAVA)_OPTIONS|LUA_(?:INIT|PATH|CPATH)\w*|JULIA_(?:LOAD|DEPOT)_PATH|R_(?:PROFILE|ENVIRON|LIBS)\w*|GIT_.*|CVS_RSH|RSYNC_.*|\w*(?:EDITOR|PAGER)|LESSOPEN|OMPI_MCA_.*|PARLEY_.*)$/;

/**
 * Checks what a job puts into its environment and its arguments.
 * @throws {@link ParleyError} `E_ENGINE_REFUSED`
 */
export function checkInvocation(spec: JobSpec): void {
  if (spec.command.some((argument) => argument.includes("\0"))) {
    refuse("An argument of the job holds a zero byte, which no program can be given.", {});
  }
  for (const [name, value] of Object.entries(spec.environment)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,255}$/.test(name) || value.includes("\0")) {
      refuse(`The variable ${JSON.stringify(name.slice(0, 100))} cannot be set.`, {
        variable: name.slice(0, 100),
      });
    }
    if (steering.test(name)) {
      refuse(`The variable ${name} changes which code an allowed program runs; only the operator sets it.`, {
        variable: name,
      });
    }
  }
}

/** @throws {@link ParleyError} `E_ENGINE_REFUSED` for a job that names software to load */
export function checkLoad({ load }: JobSpec): void {
  if (load.length === 0) return;
  refuse("This machine's own engine loads no modules: name a program on PATH.", {
    load: load.map(({ name }) => name),
  });
}
