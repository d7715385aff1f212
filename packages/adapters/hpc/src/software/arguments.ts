import { z } from "zod";

export const UseCache = z
  .boolean()
  .default(true)
  .describe("Whether a listing of the last minutes will do, for example: false");

export const Query = z
  .string()
  .max(128)
  .default("")
  .describe("Text the name contains, case aside; empty lists all; for example: gromacs");

/** A spec of Spack: words none of which could be an option. */
export const SpecText = z
  .string()
  .trim()
  .min(1)
  .max(1000)
  .regex(
    /^(?!-)[\w.@%^+~/:=,*!-]+(?: +(?!-)[\w.@%^+~/:=,*!-]+)*$/,
    "is no spec of Spack: names, versions and variants, where ~ and not - turns a variant off",
  )
  .describe("Spec of the package, for example: lammps@2023.8.2 +kokkos ^openmpi");

export const PackageName = z
  .string()
  .regex(/^[a-z0-9_][a-z0-9._-]{0,127}$/i, "is no name of a package")
  .describe("Name of the package, for example: lammps");

/** A module as the `module` command takes it. */
export const ModuleName = z
  .string()
  .max(300)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._+/-]*$/, "is no name of a module")
  .describe("Name of the module, with or without version, for example: gcc/12.3");

/** Seconds for a program that may have to build an index first. */
export const SlowSeconds = (preset: number): z.ZodDefault<z.ZodNumber> =>
  z
    .number()
    .min(1)
    .max(86_400)
    .default(preset)
    .describe(`Seconds to wait at most, for example: ${String(preset)}`);
