import type { InstalledSoftware } from "@parley/core";
import { z } from "zod";
import type { SoftwareSource } from "../catalogue/packages.ts";
import type { ClusterModel } from "../model/cluster-model.ts";
import { condaPrefix, drawSoftware, locationOf, type Installation } from "../model/software.ts";
import { noArguments, observe, type Facility } from "./_facility.ts";

/** The packages of one source; drawn when they are first asked for. */
type Inventory = () => readonly Installation[];

const environment = "base";
const name = z.string().max(128);
const SpackQuery = z.object({
  query: name.default("").describe("Package name, such as lammps; empty lists every package, at most 200"),
});
const SpackName = z.object({ name: name.min(1).describe("Package name, such as gromacs") });
const ModuleQuery = z.object({
  query: name.default("").describe("Text to look for, such as gromacs; empty lists all"),
});
const ModuleName = z.object({
  module_name: name.min(1).describe("Module, with or without version, such as gcc/12.3.0"),
});
const CondaEnvironment = z.object({
  env_name: name.default(environment).describe("Name of the environment, such as base"),
});
const PipName = z.object({ package_name: name.min(1).describe("Package as PyPI spells it, such as torch") });
const sourceVersions: Readonly<Record<SoftwareSource, string>> = {
  spack: "0.23.1",
  modules: "8.7.53",
  conda: "24.9.2",
  pip: "24.3.1",
};

function toSoftware(source: SoftwareSource, found: Installation): InstalledSoftware {
  const { name, version } = found;
  const where = locationOf(source, found);
  return source === "spack"
    ? { name, version, with: [...found.with], location: where }
    : { name, version, location: where };
}

/** Exact names, whatever their case; the catalogue's name counts beside the source's own. */
function lookUp(inventory: Inventory, names: readonly string[]): readonly Installation[] {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  return inventory().filter((item) => wanted.has(item.name.toLowerCase()) || wanted.has(item.package));
}

const containing = (inventory: Inventory, text: string): readonly Installation[] =>
  inventory().filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()));

const specs = (items: readonly Installation[]): InstalledSoftware[] =>
  items.map((item) => toSoftware("spack", item));

function spackTools(inventory: Inventory): Facility["tools"] {
  return [
    observe({
      name: "find_package",
      description: "Installed packages of that name with version and variants.",
      input: SpackQuery,
      answer: ({ query }) => {
        const found = query === "" ? inventory().slice(0, 200) : lookUp(inventory, [query]);
        return { status: "present", packages: specs(found), total: inventory().length };
      },
    }),
    observe({
      name: "get_package_info",
      description: "Versions and variants of a package that are installed.",
      input: SpackName,
      answer: (args) => {
        const versions = specs(lookUp(inventory, [args.name]));
        return { name: args.name, status: "present", installed: versions.length > 0, versions };
      },
    }),
  ];
}

const modulesOf = (items: readonly Installation[]): string[] =>
  items.map((item) => `${item.name}/${item.version}`);

function modulesTools(inventory: Inventory): Facility["tools"] {
  return [
    observe({
      name: "list_available_modules",
      description: "Modules whose name contains a text, as name/version, at most 200.",
      input: ModuleQuery,
      answer: ({ query }) => {
        const found = containing(inventory, query);
        return { status: "present", modules: modulesOf(found.slice(0, 200)), total: found.length };
      },
    }),
    observe({
      name: "get_module_details",
      description: "Whether a module exists and in which versions.",
      input: ModuleName,
      answer: (args) => {
        const wanted = args.module_name.toLowerCase();
        const modules = modulesOf(inventory()).filter((module) =>
          `${module}/`.toLowerCase().startsWith(`${wanted}/`),
        );
        return { module_name: args.module_name, found: modules.length > 0, modules };
      },
    }),
  ];
}

const plain = (items: readonly Installation[]): InstalledSoftware[] =>
  items.map((item) => ({ name: item.name, version: item.version }));

function condaTools(inventory: Inventory): Facility["tools"] {
  return [
    observe({
      name: "list_environments",
      description: "Environments of conda with their paths.",
      input: noArguments,
      answer: () => ({ environments: [{ name: environment, path: condaPrefix }] }),
    }),
    observe({
      name: "list_packages",
      description: "Packages of one environment with their versions.",
      input: CondaEnvironment,
      answer: ({ env_name: wanted }) => {
        const known = wanted === environment;
        return {
          env_name: wanted,
          status: known ? "present" : "absent",
          packages: known ? plain(inventory()) : [],
        };
      },
    }),
  ];
}

function pipTools(inventory: Inventory): Facility["tools"] {
  return [
    observe({
      name: "list_installations",
      description: "Installations of pip.",
      input: noArguments,
      answer: () => ({ installations: [{ name: "default", bin: "/usr/bin/pip3" }] }),
    }),
    observe({
      name: "list_packages",
      description: "Installed Python packages with their versions.",
      input: noArguments,
      answer: () => ({ status: "present", packages: plain(inventory()) }),
    }),
    observe({
      name: "get_package_info",
      description: "Version of one installed Python package.",
      input: PipName,
      answer: (args) => {
        const [found] = lookUp(inventory, [args.package_name]);
        return found === undefined
          ? { name: args.package_name, found: false }
          : { name: found.name, found: true, version: found.version };
      },
    }),
  ];
}

const makeTools = { spack: spackTools, modules: modulesTools, conda: condaTools, pip: pipTools } as const;
const evidenceTools: Readonly<Record<SoftwareSource, string>> = {
  spack: "find_package",
  modules: "list_available_modules",
  conda: "list_packages",
  pip: "list_packages",
};

const labels = (items: readonly Installation[]): string[] =>
  items.map(({ name, version }) => `${name}@${version}`);

const variants = (item: Installation): Record<string, boolean> => ({
  mpi: false,
  cuda: false,
  ...Object.fromEntries(item.with.map((variant) => [variant, true])),
});

function truthOf(source: SoftwareSource, items: readonly Installation[]): Record<string, unknown> {
  if (source === "conda") return { total_envs: 1, installs: { [environment]: labels(items) } };
  if (source === "pip") return { total_installs: 1, installs: { system: labels(items) } };
  if (source === "modules") {
    const modules: Record<string, string[]> = {};
    for (const { group, name, version } of items) (modules[group] ??= []).push(`${name}/${version}`);
    return { type: "lmod", modules };
  }
  const manifest = items.map((item) => [`${item.name}@${item.version}`, { variants: variants(item) }]);
  return {
    version: sourceVersions.spack,
    total_packages: items.length,
    manifest: Object.fromEntries(manifest),
  };
}

function metadataOf(source: SoftwareSource, model: ClusterModel): Record<string, unknown> {
  const version = sourceVersions[source];
  if (source === "spack") return { root: "/opt/spack", version, target_arch: model.node.arch };
  if (source === "modules") {
    return { module_system_type: "lmod", modulepath: ["/opt/modulefiles"], lmod_version: version };
  }
  return source === "conda"
    ? { bin: "/opt/conda/bin/conda", version }
    : { bin: "/usr/bin/pip3", version, python_interpreter: "/usr/bin/python3" };
}

/** One source of software of a site. */
export function softwareFacility(model: ClusterModel, source: SoftwareSource): Facility {
  const inventory: Inventory = () => drawSoftware(model, source);
  return {
    name: source,
    category: "software",
    metadata: () => metadataOf(source, model),
    truth: () => truthOf(source, inventory()),
    facts: ({ software }, record) => {
      const asked = [...new Set(software)];
      if (asked.length === 0) return {};
      const found = lookUp(inventory, asked).map((item) => toSoftware(source, item));
      const summary = `${found.length} of ${inventory().length} packages match ${asked.length} names`;
      const evidence = record(evidenceTools[source], { args: { names: asked }, summary });
      return { software: [{ source, status: "present", scope: "cluster", asked, found, evidence }] };
    },
    tools: makeTools[source](inventory),
  };
}
