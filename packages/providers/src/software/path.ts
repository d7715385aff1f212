import type { InstalledSoftware, Scope } from "@parley/core";
import { z } from "zod";
import { findExecutable, isSafeName } from "../_command.ts";
import { createEvidenceRecorder } from "../evidence.ts";
import type { Provider, ProviderContext } from "../provider.ts";
import { defineProviderTool } from "../tool.ts";
import { NameArgument } from "./_arguments.ts";

const name = "path";

/** Executables on PATH, by exact name; nothing that is found is run. Absent without an absolute PATH entry. */
export function createPathProvider(
  context: ProviderContext,
  { hostScope }: { readonly hostScope: Scope },
): Provider {
  const directories = (context.env["PATH"] ?? "").split(":").filter((entry) => entry.startsWith("/"));
  return {
    name,
    category: "software",
    scope: hostScope,
    probe: async () => ({ status: directories.length > 0 ? "present" : "absent" }),
    metadata: async () => ({ available: true, directories }),
    async facts(query) {
      const asked = [...new Set(query.software.filter(isSafeName))];
      if (asked.length === 0) return {};
      const found = (await Promise.all(asked.map(async (item) => find(context, item)))).filter(
        (item) => item !== undefined,
      );
      const evidence = createEvidenceRecorder(name, hostScope);
      const summary = found.map((item) => item.location).join(", ") || `none of ${asked.join(", ")}`;
      const id = evidence.record("find_executable", {
        args: { names: asked },
        observedAtMs: context.now(),
        summary,
      });
      return {
        software: [{ source: "path", status: "present", scope: hostScope, asked, found, evidence: id }],
        evidence: [...evidence.items],
      };
    },
    tools: [
      defineProviderTool({
        name: "find_executable",
        description: "Whether an executable of exactly this name is on PATH of this host, and where.",
        input: z.object({ name: NameArgument.describe("Executable to look for, such as lmp or gmx_mpi") }),
        async handler(args) {
          const path = await findExecutable(context, args.name);
          return { name: args.name, found: path !== undefined, path };
        },
      }),
    ],
  };
}

/** As asked, else in lower case: `LAMMPS` is also looked for as `lammps`. */
async function find(context: ProviderContext, asked: string): Promise<InstalledSoftware | undefined> {
  for (const candidate of new Set([asked, asked.toLowerCase()])) {
    const location = await findExecutable(context, candidate);
    if (location !== undefined) return { name: candidate, location };
  }
  return undefined;
}
