import { applications, expandSoftwareNames, findApplication } from "@parley/secretary";
import { expect, test } from "vitest";

test("the table is large and its names are unique", () => {
  const names = applications.map((application) => application.name);
  expect(names.length).toBeGreaterThanOrEqual(120);
  expect(new Set(names).size).toBe(names.length);
});

test("no spelling belongs to two applications", () => {
  const owners = new Map<string, Set<string>>();
  for (const { name, aliases } of applications) {
    for (const spelling of [name, ...aliases])
      owners.set(spelling, (owners.get(spelling) ?? new Set()).add(name));
  }
  expect([...owners].filter(([, names]) => names.size > 1)).toEqual([]);
});

test.each([
  ["LAMMPS", "lammps"],
  ["lmp", "lammps"],
  ["gmx_mpi", "gromacs"],
  ["pw.x", "quantum-espresso"],
  ["osu_allreduce", "osu-benchmarks"],
  ["torch", "pytorch"],
])("%s is %s", (spelling, name) => {
  expect(findApplication(spelling)?.name).toBe(name);
});

test("a lookup asks for every name a site may use", () => {
  expect(expandSoftwareNames("gmx")).toEqual(["gmx", "gromacs", "gmx_mpi", "mdrun"]);
  expect(expandSoftwareNames("in-house-code")).toEqual(["in-house-code"]);
});
