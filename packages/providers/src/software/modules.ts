import {
  type ModuleSystem,
  availArguments,
  findModuleSystem,
  moduleVariables as pass,
  parseTerseModules,
} from "@parley/engines/software";
import { z } from "zod";
import { oneLine, runProgram } from "../_command.ts";
import { parseVersion } from "../container/_version.ts";
import type {
  ProbeResult,
  Provider,
  ProviderCallOptions,
  ProviderContext,
  ProviderTool,
} from "../provider.ts";
import { defineProviderTool } from "../tool.ts";
import { ModuleArgument } from "./_arguments.ts";
import {
  type ReadInventory,
  createInventory,
  createInventoryProvider,
  inventoryOf,
} from "./_inventory-provider.ts";
import type { SoftwareProviderOptions } from "./options.ts";
import { readModule } from "./_module-names.ts";

/**
 * Modules of Lmod (`$LMOD_CMD`) or environment-modules (`$MODULES_CMD`, `$MODULESHOME`). A service that was not
 * started from a login shell lacks these variables; set them, and MODULEPATH, in the worker's environment.
 */
export function createModulesProvider(context: ProviderContext, options: SoftwareProviderOptions): Provider {
  const inventory = createInventory(context, options.inventoryTtlMs, async (callOptions) => {
    const system = await findModuleSystem(context);
    if (system === undefined) return { status: "absent", items: [] };
    const result = await runProgram(context, availArguments(system), { ...callOptions, pass });
    return inventoryOf(result, ({ stderr }) => parseTerseModules(stderr).flatMap(readModule));
  });
  return createInventoryProvider({
    source: "modules",
    hostScope: options.hostScope,
    inventory,
    evidenceTool: "list_available_modules",
    probe: async () => probeModules(context),
    metadata: async (callOptions) => moduleMetadata(context, callOptions),
    tools: [listTool(inventory), detailsTool(context, inventory)],
  });
}

async function probeModules(context: ProviderContext): Promise<ProbeResult> {
  if ((await findModuleSystem(context)) === undefined) return { status: "absent" };
  const path = modulePath(context);
  return path.length > 0
    ? { status: "present" }
    : { status: "empty", detail: "MODULEPATH names no directory." };
}

function modulePath(context: ProviderContext): readonly string[] {
  return (context.env["MODULEPATH"] ?? "").split(":").filter((entry) => entry !== "");
}

async function moduleMetadata(
  context: ProviderContext,
  options: ProviderCallOptions | undefined,
): Promise<Record<string, unknown>> {
  const system = await findModuleSystem(context);
  if (system === undefined) return {};
  const { kind, program } = system;
  const result = await runProgram(context, [program, "bash", "--version"], { ...options, pass });
  const version = parseVersion(`${result.stderr}\n${result.stdout}`);
  return {
    module_system_type: kind,
    modulepath: modulePath(context),
    version,
    lmod_version: kind === "lmod" ? version : undefined,
  };
}

function listTool(inventory: ReadInventory): ProviderTool {
  return defineProviderTool({
    name: "list_available_modules",
    description: "Environment modules of this site whose name contains a text, at most 200.",
    input: z.object({
      query: z
        .string()
        .max(128)
        .default("")
        .describe("Text to look for, case aside, such as gromacs; empty lists all"),
    }),
    async handler({ query }, options) {
      const { value } = await inventory(options);
      const text = query.toLowerCase();
      const names = [...new Set(value.items.flatMap(({ location }) => location ?? []))];
      const matching = names.filter((name) => name.toLowerCase().includes(text));
      return {
        status: value.status,
        detail: value.detail,
        modules: matching.slice(0, 200),
        truncated: matching.length > 200,
      };
    },
  });
}

function detailsTool(context: ProviderContext, inventory: ReadInventory): ProviderTool {
  return defineProviderTool({
    name: "get_module_details",
    description: "Versions of one environment module and what its author says it is.",
    input: z.object({
      module_name: ModuleArgument.describe("Module, with or without version, such as gcc/12.3"),
    }),
    async handler({ module_name: name }, options) {
      const { value } = await inventory(options);
      const modules = value.items.filter(
        ({ location }) => location === name || location?.startsWith(`${name}/`) === true,
      );
      const system = modules.length > 0 ? await findModuleSystem(context) : undefined;
      return {
        module_name: name,
        found: modules.length > 0,
        modules,
        whatis: await whatis(context, system, { ...options, name }),
      };
    },
  });
}

async function whatis(
  context: ProviderContext,
  system: ModuleSystem | undefined,
  options: ProviderCallOptions & { readonly name: string },
): Promise<readonly string[]> {
  if (system === undefined) return [];
  const argv = [system.program, "bash", "whatis", options.name];
  const result = await runProgram(context, argv, { ...options, pass });
  if (!result.ok) return [];
  return result.stderr
    .split("\n")
    .map(oneLine)
    .filter((line) => line !== "" && !line.startsWith("-"))
    .slice(0, 20);
}
