import type { Scope } from "@parley/core";
import { z } from "zod";
import type { Provider, ProviderContext } from "../provider.ts";
import { defineProviderTool } from "../tool.ts";
import { readCapacity } from "./_capacity.ts";
import { createMountProvider } from "./_mount-provider.ts";
import { type Mount, readMounts, visibleMounts } from "./_mounts.ts";

const isBeegfs = (mount: Mount): boolean => mount.type === "beegfs" || mount.type === "fhgfs";

/** BeeGFS file systems mounted on this host. */
export function createBeegfsProvider(
  context: ProviderContext,
  { hostScope }: { readonly hostScope: Scope },
): Provider {
  return createMountProvider(context, {
    name: "beegfs",
    hostScope,
    parallel: true,
    own: isBeegfs,
    kind: () => "beegfs",
    evidenceTool: "get_storage_stats",
    metadata: async (paths) => ({ mount_point: paths[0]?.path, mounts: paths.map(({ path }) => path) }),
    tools: [
      defineProviderTool({
        name: "get_storage_stats",
        description: "Total and free bytes of each BeeGFS file system mounted on this host.",
        input: z.object({}),
        async handler(_args, options) {
          const mounts = visibleMounts(await readMounts(context)).filter(isBeegfs);
          const fileSystems = await Promise.all(
            mounts.map(async ({ path }) => ({ path, ...(await readCapacity(context, path, options)) })),
          );
          return { fileSystems };
        },
      }),
    ],
  });
}
