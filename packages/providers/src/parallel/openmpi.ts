import type { Scope } from "@parley/core";
import type { Provider, ProviderContext } from "../provider.ts";
import { type MpiReading, createMpiProvider } from "./_mpi-provider.ts";

/** Open MPI on PATH, through `ompi_info`. */
export function createOpenmpiProvider(
  context: ProviderContext,
  { hostScope }: { readonly hostScope: Scope },
): Provider {
  return createMpiProvider(context, {
    name: "openmpi",
    hostScope,
    command: ["ompi_info", "--parsable"],
    launchers: ["mpirun", "mpiexec"],
    parse: parseOmpiInfo,
    tool: "get_ompi_config",
    description:
      "Version of Open MPI, its launcher, and the transports (pml, btl, mtl components) it was built with.",
  });
}

/** Reads `ompi_info --parsable`: `ompi:version:full:4.1.4`, `mca:pml:ucx:version:...`. */
export function parseOmpiInfo(text: string): MpiReading | undefined {
  const version = /^ompi:version:full:([\w.+-]{1,40})\s*$/m.exec(text)?.[1];
  if (version === undefined) return undefined;
  const components: Record<string, string[]> = { pml: [], btl: [], mtl: [] };
  for (const [, framework = "", component = ""] of text.matchAll(/^mca:(pml|btl|mtl):([\w-]{1,40}):/gm)) {
    const known = components[framework];
    if (known !== undefined && !known.includes(component)) known.push(component);
  }
  return { version, details: components };
}
