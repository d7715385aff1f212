import { ParleyError } from "@parley/core";
import { z } from "zod";
import { isSafePath } from "../_command.ts";
import type { ProviderContext } from "../provider.ts";
import { type Mount, mountOf, readMounts, visibleMounts } from "./_mounts.ts";

/** An absolute path as a tool argument. */
export const PathArgument = z
  .string()
  .refine(isSafePath, "must be an absolute path without control characters");

/** The mount under a path, when it is of the wanted family. @throws {@link ParleyError} `E_ARGUMENT_INVALID` */
export async function requireMount(
  context: ProviderContext,
  path: string,
  family: { readonly own: (mount: Mount) => boolean; readonly label: string },
): Promise<Mount> {
  const mount = mountOf(visibleMounts(await readMounts(context)), path);
  if (mount !== undefined && family.own(mount)) return mount;
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    `${path} is not on a ${family.label} file system of this host.`,
  );
}
