import { z } from "zod";

export const Path = z
  .string()
  .min(1)
  .max(4096)
  .describe(
    "Path in one of the open folders; a relative one starts in the first; for example: run1/input.dat",
  );

export const Folder = z
  .string()
  .min(1)
  .max(4096)
  .default(".")
  .describe("Folder to begin in; default the first open one; for example: run1");

export const MaxBytes = z
  .number()
  .int()
  .min(16)
  .max(1_048_576)
  .default(65_536)
  .describe("Most bytes of one answer, for example: 65536");

export const SearchSeconds = z
  .number()
  .min(0.1)
  .max(3600)
  .default(30)
  .describe("Seconds to search at most; then the answer holds what was found; for example: 30");

/** A name with few enough stars that matching it takes no time. */
export const NamePattern = z
  .string()
  .min(1)
  .max(255)
  .regex(/^(?:[^*]*\*){0,4}[^*]*$/, "has at most four *")
  .describe("Name, or a pattern with * and ?, of the last part of a path, for example: *.lammps");
