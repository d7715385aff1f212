import { JobSpec, SoftwareLoad } from "@parley/core";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

const accepts = (via: string, name: string): boolean => SoftwareLoad.safeParse({ via, name }).success;

describe("software a job loads", () => {
  test.each([
    ["modules", "lammps/2023.08"],
    ["modules", "chem/LAMMPS/23Jun2022-foss-2022b-kokkos"],
    ["spack", "lammps@2023.8.2/a1b2c3d"],
    ["spack", "lammps@2023.8.2%gcc@12+kokkos~mpi"],
    ["conda", "/opt/conda/envs/md-2.1"],
    ["conda", "/opt/my..conda"],
  ])("%s %s", (via, name) => expect(accepts(via, name)).toBe(true));

  test.each([
    ["modules", "-f"],
    ["modules", ""],
    ["modules", "a b"],
    ["modules", "a;id"],
    ["modules", "$(id)"],
    ["modules", "`id`"],
    ["modules", "a\nb"],
    ["modules", "lammps\n"],
    ["modules", "/etc/passwd"],
    ["modules", "~root"],
    ["modules", "é"],
    ["modules", "a".repeat(301)],
    ["spack", "lammps ^openmpi"],
    ["spack", "--first"],
    ["conda", "envs/md"],
    ["conda", "/opt/../root"],
    ["conda", "/opt/.."],
    ["conda", "/opt/$(id)"],
    ["conda", "/opt\n"],
    ["pip", "numpy"],
  ])("refuses %s %j", (via, name) => expect(accepts(via, name)).toBe(false));

  test("one character a shell acts on spoils any name", () => {
    const plain = fc.string({ unit: fc.constantFrom(..."abc019./_+@=~%:-".split("")), maxLength: 20 });
    const special = fc.constantFrom(..." \t\n\0'\"`$;&|<>(){}[]*?!#\\,^\u00e9\u2028".split(""));
    fc.assert(
      fc.property(plain, special, plain, (before, character, after) => {
        expect(accepts("modules", `a${before}${after}`)).toBe(true);
        expect(accepts("modules", `a${before}${character}${after}`)).toBe(false);
        expect(accepts("conda", `/a${before}${character}${after}`)).toBe(false);
      }),
    );
    expect.assertions(3 * 100);
  });

  test("a job loads nothing unless it says so, and a few things at most", () => {
    expect(JobSpec.parse({ command: ["true"] }).load).toEqual([]);
    const load = Array.from({ length: 33 }, () => ({ via: "modules", name: "gcc" }));
    expect(JobSpec.safeParse({ command: ["true"], load }).success).toBe(false);
  });
});
