import type { InstalledSoftware } from "@parley/core";
import { z } from "zod";
import { findFirstExecutable, oneLine, requireOk, runProgram } from "../_command.ts";
import { parseJson } from "../_json.ts";
import { parseVersion } from "../container/_version.ts";
import type { Provider, ProviderContext, ProviderTool } from "../provider.ts";
import { defineProviderTool } from "../tool.ts";
import { NameArgument } from "./_arguments.ts";
import {
  type ReadInventory,
  createInventory,
  createInventoryProvider,
  inventoryOf,
} from "./_inventory-provider.ts";
import type { SoftwareProviderOptions } from "./options.ts";

const Listing = z.array(z.object({ name: z.string().max(256), version: z.string().max(256).optional() }));
const pass = ["PYTHON*", "VIRTUAL_ENV", "PIP_*"];
const quiet = "--disable-pip-version-check";

/** Python packages of the `pip3` or `pip` on PATH. */
export function createPipProvider(context: ProviderContext, options: SoftwareProviderOptions): Provider {
  const program = async (): Promise<string | undefined> => findFirstExecutable(context, ["pip3", "pip"]);
  const inventory = createInventory(context, options.inventoryTtlMs, async (callOptions) => {
    const pip = await program();
    if (pip === undefined) return { status: "absent", items: [] };
    const argv = [pip, "list", "--format=json", quiet];
    return inventoryOf(await runProgram(context, argv, { ...callOptions, pass }), (result) => {
      const listing = Listing.safeParse(parseJson(result.stdout));
      return listing.data?.map(({ name, version }): InstalledSoftware => ({ name, version }));
    });
  });
  return createInventoryProvider({
    source: "pip",
    hostScope: options.hostScope,
    rule: "python",
    inventory,
    evidenceTool: "list_packages",
    probe: async () => ({ status: (await program()) === undefined ? "absent" : "present" }),
    async metadata(callOptions) {
      const bin = await program();
      if (bin === undefined) return {};
      const { stdout } = await runProgram(context, [bin, "--version"], { ...callOptions, pass });
      const python = /\(python (\d+(?:\.\d+)*)\)/.exec(stdout)?.[1];
      return { bin, version: parseVersion(stdout), python_version: python };
    },
    tools: [installationsTool(program), packagesTool(inventory), packageTool(context, program)],
  });
}

type FindProgram = () => Promise<string | undefined>;

function installationsTool(program: FindProgram): ProviderTool {
  return defineProviderTool({
    name: "list_installations",
    description: "The pip installations of this host that are on PATH.",
    input: z.object({}),
    async handler() {
      const bin = await program();
      return { installations: bin === undefined ? [] : [{ name: "default", bin }] };
    },
  });
}

function packagesTool(inventory: ReadInventory): ProviderTool {
  return defineProviderTool({
    name: "list_packages",
    description: "Python packages installed for the pip on PATH of this host, with their versions.",
    input: z.object({}),
    async handler(_args, options) {
      const { value } = await inventory(options);
      return { status: value.status, detail: value.detail, packages: value.items };
    },
  });
}

function packageTool(context: ProviderContext, program: FindProgram): ProviderTool {
  return defineProviderTool({
    name: "get_package_info",
    description: "Version, summary, location and requirements of one installed Python package.",
    input: z.object({ package_name: NameArgument.describe("Package as PyPI spells it, such as torch") }),
    async handler({ package_name: name }, options) {
      const pip = await program();
      if (pip === undefined) return { name, found: false };
      const result = await runProgram(context, [pip, "show", quiet, name], { ...options, pass });
      if (/not found/i.test(result.stderr) && result.stdout === "") return { name, found: false };
      return { name, found: true, ...parseShow(requireOk(result).stdout) };
    },
  });
}

/** The fields of `pip show` that answer a question about a package. */
export function parseShow(text: string): Record<string, unknown> {
  const field = (key: string): string | undefined => {
    const value = new RegExp(`^${key}:[ \\t]*(\\S.*)$`, "m").exec(text)?.[1];
    return value === undefined ? undefined : oneLine(value);
  };
  return {
    version: field("Version"),
    summary: field("Summary"),
    location: field("Location"),
    requires: (field("Requires") ?? "").split(/,\s*/).filter((name) => name !== ""),
  };
}
