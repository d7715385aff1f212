import { z } from "zod";
import { isSafeName } from "../_command.ts";

const explanation = "must be letters, digits, dots, underscores, dashes or pluses and not begin with a sign";

/** A package name as a tool argument; it can never be read as an option. */
export const NameArgument = z.string().refine(isSafeName, explanation);

/** As {@link NameArgument}, where no name means everything. */
export const OptionalNameArgument = z
  .string()
  .refine((text) => text === "" || isSafeName(text), explanation)
  .default("");

/** A module name, whose parts are joined by slashes: `gcc/12.3`. */
export const ModuleArgument = z
  .string()
  .max(512)
  .refine((text) => text.split("/").every(isSafeName), `each part between slashes ${explanation}`);
