import type { Scope } from "@parley/core";
import { z } from "zod";
import type { Provider, ProviderContext } from "../provider.ts";
import { defineProviderTool } from "../tool.ts";
import { PathArgument, requireMount } from "./_arguments.ts";
import { readCapacity } from "./_capacity.ts";
import { advertised, createMountProvider } from "./_mount-provider.ts";
import type { Mount } from "./_mounts.ts";

const localTypes = /^(ext[234]|xfs|btrfs|zfs|f2fs|jfs|overlay|bcachefs|apfs|hfs)$/;

const isLocal = (mount: Mount): boolean => localTypes.test(mount.type);
const isScratch = (path: string): boolean => /scratch/i.test(path);

/**
 * Disk of this host for the run of a job: local mounts with `scratch` in their path and, where jobs run on this
 * very host, the temporary directory. Other local paths a request asks about are of kind `local`.
 */
export function createLocalScratchProvider(
  context: ProviderContext,
  { hostScope }: { readonly hostScope: Scope },
): Provider {
  const temporary = context.env["TMPDIR"]?.replace(/(.)\/+$/, "$1") ?? "/tmp";
  const directories = hostScope === "compute-node" ? [temporary] : [];
  const family = {
    own: isLocal,
    advertise: (mount: Mount) => isScratch(mount.path) && !mount.readOnly,
    directories,
  };
  return createMountProvider(context, {
    ...family,
    name: "local-scratch",
    hostScope,
    parallel: false,
    kind: (_mount, path) => (isScratch(path) || directories.includes(path) ? "local-scratch" : "local"),
    evidenceTool: "get_local_capacity",
    metadata: async (paths) => ({
      path: paths[0]?.path,
      type: paths[0]?.mount.type,
      mounts: paths.map(({ path, mount }) => ({ path, type: mount.type })),
    }),
    tools: [
      defineProviderTool({
        name: "get_local_capacity",
        description:
          "Total and free bytes of the local scratch of this host, or of the local disk under a path.",
        input: z.object({
          path: PathArgument.optional().describe(
            "Absolute path, such as /var/data; absent means the scratch",
          ),
        }),
        async handler({ path }, options) {
          const own = { own: isLocal, label: "local" };
          const places =
            path === undefined
              ? await advertised(context, family)
              : [{ path, mount: await requireMount(context, path, own) }];
          const fileSystems = await Promise.all(
            places.map(async ({ path: at, mount }) => ({
              path: at,
              type: mount.type,
              ...(await readCapacity(context, at, options)),
            })),
          );
          return { fileSystems };
        },
      }),
    ],
  });
}
