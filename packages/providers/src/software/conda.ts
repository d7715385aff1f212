import type { InstalledSoftware } from "@parley/core";
import { z } from "zod";
import { mapLimited } from "../_bounded.ts";
import { failureDetail, failureStatus, findFirstExecutable, isSafePath, runProgram } from "../_command.ts";
import { parseJson } from "../_json.ts";
import { parseVersion } from "../container/_version.ts";
import type { Provider, ProviderCallOptions, ProviderContext, ProviderTool } from "../provider.ts";
import { defineProviderTool } from "../tool.ts";
import { NameArgument } from "./_arguments.ts";
import {
  type InventoryReading,
  type ReadInventory,
  createInventory,
  createInventoryProvider,
} from "./_inventory-provider.ts";
import type { SoftwareProviderOptions } from "./options.ts";

const Environments = z.object({ envs: z.array(z.string()) });
const Packages = z.array(z.object({ name: z.string().max(256), version: z.string().max(256).optional() }));
const pass = ["CONDA_*", "MAMBA_*"];

/** Most environments one inventory reads; each costs a process. */
const maxEnvironments = 20;

/** Packages of every environment of `mamba`, `conda` or `micromamba`. */
export function createCondaProvider(context: ProviderContext, options: SoftwareProviderOptions): Provider {
  const program = async (): Promise<string | undefined> =>
    findFirstExecutable(context, ["mamba", "conda", "micromamba"]);
  const inventory = createInventory(context, options.inventoryTtlMs, async (callOptions) => {
    const conda = await program();
    return conda === undefined ? { status: "absent", items: [] } : readAll(context, conda, callOptions);
  });
  return createInventoryProvider({
    source: "conda",
    hostScope: options.hostScope,
    rule: "python",
    inventory,
    evidenceTool: "list_packages",
    probe: async () => ({ status: (await program()) === undefined ? "absent" : "present" }),
    async metadata(callOptions) {
      const bin = await program();
      if (bin === undefined) return {};
      const { stdout } = await runProgram(context, [bin, "--version"], { ...callOptions, pass });
      return { bin, version: parseVersion(stdout) };
    },
    tools: [environmentsTool(context, program), packagesTool(inventory)],
  });
}

function environmentsTool(
  context: ProviderContext,
  program: () => Promise<string | undefined>,
): ProviderTool {
  return defineProviderTool({
    name: "list_environments",
    description: "Conda environments of this host, by name and path.",
    input: z.object({}),
    async handler(_args, options) {
      const conda = await program();
      const paths = conda === undefined ? [] : await listEnvironments(context, conda, options);
      if (!Array.isArray(paths)) return { ...paths, environments: [] };
      return { environments: paths.map((path) => ({ name: environmentName(path), path })) };
    },
  });
}

function packagesTool(inventory: ReadInventory): ProviderTool {
  return defineProviderTool({
    name: "list_packages",
    description: "Packages of one Conda environment of this host, with their versions.",
    input: z.object({ env_name: NameArgument.describe("Name of the environment, such as base or analysis") }),
    async handler({ env_name: name }, options) {
      const { value } = await inventory(options);
      const packages = value.items.filter(({ location }) => environmentName(location ?? "") === name);
      return { env_name: name, status: value.status, detail: value.detail, packages };
    },
  });
}

/** The last part of a path below `envs`; the root environment is `base`. */
function environmentName(path: string): string {
  return /\/envs\/([^/]+)\/?$/.exec(path)?.[1] ?? "base";
}

async function listEnvironments(
  context: ProviderContext,
  conda: string,
  options: ProviderCallOptions,
): Promise<string[] | Omit<InventoryReading, "items">> {
  const result = await runProgram(context, [conda, "env", "list", "--json"], { ...options, pass });
  if (!result.ok) return { status: failureStatus(result), detail: failureDetail(result) };
  const environments = Environments.safeParse(parseJson(result.stdout));
  if (!environments.success) return { status: "failed", detail: "The list of environments is unreadable." };
  return [...new Set(environments.data.envs)].filter(isSafePath).slice(0, maxEnvironments);
}

async function readAll(
  context: ProviderContext,
  conda: string,
  options: ProviderCallOptions,
): Promise<InventoryReading> {
  const paths = await listEnvironments(context, conda, options);
  if (!Array.isArray(paths)) return { ...paths, items: [] };
  const perEnvironment = await mapLimited(paths, 4, async (path) => {
    const argv = [conda, "list", "--prefix", path, "--json"];
    const result = await runProgram(context, argv, { ...options, pass });
    return result.ok ? Packages.safeParse(parseJson(result.stdout)).data : undefined;
  });
  if (paths.length > 0 && perEnvironment.every((packages) => packages === undefined)) {
    return { status: "failed", detail: "No environment could be listed.", items: [] };
  }
  const items = perEnvironment.flatMap((packages, index) =>
    (packages ?? []).map(({ name, version }): InstalledSoftware => ({
      name,
      version,
      location: paths[index],
    })),
  );
  return { status: items.length > 0 ? "present" : "empty", items };
}
