import { z } from "zod";
import { findExecutable, runProgram } from "../_command.ts";
import { parseJson } from "../_json.ts";
import { parseVersion } from "../container/_version.ts";
import type { Provider, ProviderContext, ProviderTool } from "../provider.ts";
import { defineProviderTool } from "../tool.ts";
import { NameArgument, OptionalNameArgument } from "./_arguments.ts";
import {
  type ReadInventory,
  createInventory,
  createInventoryProvider,
  inventoryOf,
} from "./_inventory-provider.ts";
import type { SoftwareProviderOptions } from "./options.ts";
import { matchSoftware } from "./_match.ts";
import { readSpackSpecs } from "./_spack-find.ts";

const pass = ["SPACK_*"];

/**
 * Packages that Spack has installed, through `spack find --json` of `$SPACK_ROOT` or of the `spack` on PATH. What
 * Spack could install is never asked: `spack list` takes minutes on a fresh checkout.
 */
export function createSpackProvider(context: ProviderContext, options: SoftwareProviderOptions): Provider {
  const program = async (): Promise<string | undefined> => findSpack(context);
  const inventory = createInventory(context, options.inventoryTtlMs, async (callOptions) => {
    const spack = await program();
    if (spack === undefined) return { status: "absent", items: [] };
    const argv = [spack, "--color", "never", "find", "--json"];
    const result = await runProgram(context, argv, { ...callOptions, pass, maxBytes: 64 * 2 ** 20 });
    return inventoryOf(result, ({ stdout }) => readSpackSpecs(parseJson(stdout)));
  });
  return createInventoryProvider({
    source: "spack",
    hostScope: options.hostScope,
    inventory,
    evidenceTool: "find_package",
    probe: async () => ({ status: (await program()) === undefined ? "absent" : "present" }),
    async metadata(callOptions) {
      const bin = await program();
      if (bin === undefined) return {};
      const { stdout } = await runProgram(context, [bin, "--version"], { ...callOptions, pass });
      return { root: bin.replace(/\/bin\/spack$/, ""), version: parseVersion(stdout) };
    },
    tools: [findTool(inventory), infoTool(inventory)],
  });
}

async function findSpack(context: ProviderContext): Promise<string | undefined> {
  const root = context.env["SPACK_ROOT"];
  const inRoot = root?.startsWith("/") === true ? `${root.replace(/\/+$/, "")}/bin/spack` : undefined;
  if (inRoot !== undefined && (await context.isExecutable(inRoot))) return inRoot;
  return findExecutable(context, "spack");
}

function findTool(inventory: ReadInventory): ProviderTool {
  return defineProviderTool({
    name: "find_package",
    description: "Installed Spack packages of one name, with version, enabled variants and hash.",
    input: z.object({
      query: OptionalNameArgument.describe(
        "Package name, such as lammps; empty lists every package, at most 200",
      ),
    }),
    async handler({ query }, options) {
      const { value } = await inventory(options);
      const found = query === "" ? value.items.slice(0, 200) : matchSoftware(value.items, [query]);
      return { status: value.status, detail: value.detail, packages: found, total: value.items.length };
    },
  });
}

function infoTool(inventory: ReadInventory): ProviderTool {
  return defineProviderTool({
    name: "get_package_info",
    description: "Installed versions and the variants each was built with, of one Spack package.",
    input: z.object({ name: NameArgument.describe("Package name, such as openmpi") }),
    async handler({ name }, options) {
      const { value } = await inventory(options);
      const installed = matchSoftware(value.items, [name]);
      return { name, status: value.status, installed: installed.length > 0, versions: installed };
    },
  });
}
