import type { Scope } from "@parley/core";
import { oneLine } from "../_command.ts";
import type { Provider, ProviderContext } from "../provider.ts";
import { type MpiReading, createMpiProvider } from "./_mpi-provider.ts";

/** MPICH on PATH, through `mpichversion`. */
export function createMpichProvider(
  context: ProviderContext,
  { hostScope }: { readonly hostScope: Scope },
): Provider {
  return createMpiProvider(context, {
    name: "mpich",
    hostScope,
    command: ["mpichversion"],
    launchers: ["mpiexec.hydra", "mpiexec.mpich", "mpiexec"],
    parse: parseMpichVersion,
    tool: "get_mpich_info",
    description: "Version of MPICH, its launcher and the communication device it was built with.",
  });
}

/** Reads `mpichversion`: `MPICH Version: 4.0.2`, `MPICH Device: ch4:ofi`; 4.2 drops the first word of the keys. */
export function parseMpichVersion(text: string): MpiReading | undefined {
  const version = /^(?:MPICH )?Version:\s+([\w.+-]{1,40})\s*$/m.exec(text)?.[1];
  const device = /^(?:MPICH )?Device:\s+(\S.*)$/m.exec(text)?.[1];
  if (version === undefined) return undefined;
  return { version, details: { device: device === undefined ? undefined : oneLine(device) } };
}
