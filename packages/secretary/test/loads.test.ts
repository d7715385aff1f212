import { JobSpec } from "@parley/core";
import type { SoftwareInventory } from "@parley/core";
import { createSecretary } from "@parley/secretary";
import type { DispatchPlan } from "@parley/secretary";
import { describe, expect, it } from "vitest";
import { fakeEngine, fakeSite, lookup, names, now, onPath, siteFacts, slurm, want } from "./_site.ts";

type Source = SoftwareInventory["source"];

const from = (source: Source, ...found: object[]): object => ({ ...onPath(...found), source });
const path = from("path", { name: "lmp", location: "/usr/bin/lmp" });
const modules = from(
  "modules",
  { name: "lammps", version: "2022.06", location: "lammps/2022.06" },
  { name: "lammps", version: "2023.08", location: "chem/lammps/2023.08" },
);
const spack = from("spack", { name: "lammps", version: "2024.2", location: "lammps@2024.2/a1b2c3d" });
const conda = from("conda", { name: "lammps", version: "2025.1", location: "/opt/conda/envs/md" });

const binaries = (name: string): readonly string[] | undefined => (name === "numpy" ? [] : names[name]);

const withBindings = (name: string): readonly string[] => [...lookup(name), "py-lammps"];

function plan(
  software: object[],
  requirements: object = { software: [{ name: "lammps" }] },
  manager = "slurm",
): Promise<DispatchPlan> {
  const facts = siteFacts({ workloads: [{ ...slurm, manager }], software });
  const site = fakeSite(facts, { engines: [fakeEngine(manager)] });
  const secretary = createSecretary({ site, now: () => now, expand: lookup, binaries });
  return secretary.plan(want(requirements), { facts });
}

const chosen = async (...given: Parameters<typeof plan>): Promise<[string, string | undefined]> => {
  const { command, load } = JobSpec.parse((await plan(...given)).spec);
  return [command.join(" "), load.map(({ via, name }) => `${via} ${name}`).join(", ")];
};
const asking = (parts: object): object => ({ software: [{ name: "lammps", ...parts }] });

describe("software a planned job loads", () => {
  it("is nothing where it is on PATH, else a module, a Spack package, a Conda environment", async () => {
    expect(await chosen([conda, spack, modules, path])).toEqual(["/usr/bin/lmp", ""]);
    expect(await chosen([conda, spack, modules])).toEqual(["lmp", "modules chem/lammps/2023.08"]);
    expect(await chosen([conda, spack])).toEqual(["lmp", "spack lammps@2024.2/a1b2c3d"]);
    expect(await chosen([conda])).toEqual(["lmp", "conda /opt/conda/envs/md"]);
  });

  it("is of the version, the features and the source asked for", async () => {
    expect(await chosen([modules, spack], asking({ version: "2022" }))).toEqual([
      "lmp",
      "modules lammps/2022.06",
    ]);
    expect(await chosen([modules, spack, path], asking({ op: ">=", version: "2024" }))).toEqual([
      "lmp",
      "spack lammps@2024.2/a1b2c3d",
    ]);
    expect(await chosen([path, modules, spack], asking({ via: "spack" }))).toEqual([
      "lmp",
      "spack lammps@2024.2/a1b2c3d",
    ]);
    const kokkos = from(
      "modules",
      { name: "lammps", with: ["mpi"], location: "lammps/mpi" },
      { name: "lammps", with: ["kokkos"], location: "lammps/kokkos" },
    );
    expect(await chosen([kokkos], asking({ with: ["kokkos"] }))).toEqual(["lmp", "modules lammps/kokkos"]);
  });

  it("is loaded for a command of the request's own too, and arguments stay as they are", async () => {
    const { spec, notes } = await plan([modules], {
      ...asking({}),
      execution: { command: "lmp_mpi -in 'a b'" },
    });
    expect(spec.command).toEqual(["lmp_mpi", "-in", "a b"]);
    expect(spec.load).toEqual([{ via: "modules", name: "chem/lammps/2023.08" }]);
    expect(notes).toContain("Loaded before the command: chem/lammps/2023.08 through modules.");
    const inputs = { ...asking({}), execution: { inputs: ["in.melt"], params: { x: 2 } } };
    expect((await plan([modules], inputs)).spec.command).toEqual(["lmp", "-v", "x", "2", "-in", "in.melt"]);
  });

  it("is all that the request names and the site has off PATH, each once", async () => {
    const cuda = from("modules", { name: "cuda", version: "12.4", location: "cuda/12.4" });
    const both = { software: [{ name: "lammps" }, { name: "cuda" }, { name: "lammps" }] };
    expect(await chosen([modules, cuda], both)).toEqual([
      "lmp",
      "modules chem/lammps/2023.08, modules cuda/12.4",
    ]);
    expect(await chosen([path, cuda], both)).toEqual(["/usr/bin/lmp", "modules cuda/12.4"]);
    const ignored = { software: [{ name: "lammps" }, { name: "cuda", importance: "ignore" }] };
    expect(await chosen([modules, cuda], ignored)).toEqual(["lmp", "modules chem/lammps/2023.08"]);
  });

  it("runs software nobody knows under its own name", async () => {
    const own = from("modules", { name: "MyCode", location: "mycode/1" });
    expect(await chosen([own], { software: [{ name: "mycode" }] })).toEqual(["mycode", "modules mycode/1"]);
  });

  it("is not looked for when an image brings it", async () => {
    const requirements = { ...asking({}), container: { image: "/images/lammps.sif" } };
    const facts = siteFacts({
      software: [modules],
      containers: [{ runtime: "apptainer", scope: "cluster" }],
    });
    const site = fakeSite(facts);
    const secretary = createSecretary({ site, now: () => now, expand: lookup, binaries });
    const { spec } = await secretary.plan(want(requirements), { facts });
    expect(spec).toMatchObject({ command: ["apptainer", "exec", "/images/lammps.sif", "lmp"], load: [] });
  });

  it("is a library too, for a command that is there, but no library is run", async () => {
    const numpy = from("modules", { name: "numpy", location: "numpy/2" });
    const torch = from("spack", { name: "py-torch", location: "py-torch@2.5" });
    const software = [{ name: "numpy" }, { name: "py-torch" }];
    const own = { software, execution: { command: "python train.py" } };
    expect(await chosen([numpy, torch], own)).toEqual([
      "python train.py",
      "modules numpy/2, spack py-torch@2.5",
    ]);
    await expect(plan([numpy, torch], { software })).rejects.toThrow(
      "The site has numpy through modules and py-torch through spack, in which there is no program a job could start",
    );
  });

  it.each<[string, object, RegExp]>([
    ["pip", from("pip", { name: "lammps", location: "/usr/lib/python3" }), /lammps through pip, in which/],
    ["a Python package", from("spack", { name: "py-lammps", location: "py-lammps@1" }), /py-lammps through/],
    [
      "a hostile name",
      from("modules", { name: "lammps", location: "lammps;id" }),
      /through modules, in which/,
    ],
    ["no name at all", from("spack", { name: "lammps" }), /lammps through spack, in which/],
  ])("is refused with a reason: %s", async (_title, inventory, reason) => {
    const software = { software: [{ name: "lammps" }] };
    const site = fakeSite(siteFacts({ software: [inventory] }));
    const secretary = createSecretary({ site, now: () => now, expand: withBindings, binaries });
    const planned = secretary.plan(want(software));
    await expect(planned).rejects.toMatchObject({ code: "E_DISPATCH_NO_COMMAND" });
    await expect(planned).rejects.toThrow(reason);
  });

  it("is refused where the engine loads nothing, unless the request has a command", async () => {
    const refused = plan([modules], asking({}), "local");
    await expect(refused).rejects.toMatchObject({ code: "E_DISPATCH_NO_COMMAND" });
    await expect(refused).rejects.toThrow(
      "The site has lammps through modules, and this machine's own engine loads no modules: name a program on PATH with --command.",
    );
    const own = await plan([modules], { ...asking({}), execution: { command: "/opt/lmp" } }, "local");
    expect(own.spec).toMatchObject({ command: ["/opt/lmp"], load: [] });
    expect(own.notes).toContain(
      "The site has lammps through modules, which is not loaded here: the command has to find it.",
    );
    expect(await chosen([modules, path], asking({ version: "2022" }), "local")).toEqual(["/usr/bin/lmp", ""]);
  });
});
