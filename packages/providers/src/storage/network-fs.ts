import type { Scope } from "@parley/core";
import { z } from "zod";
import type { Provider, ProviderContext } from "../provider.ts";
import { defineProviderTool } from "../tool.ts";
import { PathArgument, requireMount } from "./_arguments.ts";
import { readCapacity } from "./_capacity.ts";
import { createMountProvider } from "./_mount-provider.ts";
import type { Mount } from "./_mounts.ts";

/** File-system types and the kind they are reported as. */
const kinds: Readonly<Record<string, string>> = {
  nfs: "nfs",
  nfs4: "nfs",
  cifs: "cifs",
  smb3: "cifs",
  ceph: "cephfs",
  afs: "afs",
  "9p": "9p",
  "fuse.sshfs": "sshfs",
  "fuse.glusterfs": "glusterfs",
};

const isNetwork = (mount: Mount): boolean => Object.hasOwn(kinds, mount.type);

/** Shared file systems served over the network: NFS, CIFS and their like. */
export function createNetworkFsProvider(
  context: ProviderContext,
  { hostScope }: { readonly hostScope: Scope },
): Provider {
  return createMountProvider(context, {
    name: "network-fs",
    hostScope,
    parallel: false,
    own: isNetwork,
    kind: (mount) => kinds[mount.type] ?? mount.type,
    evidenceTool: "get_mount_latency_hint",
    metadata: async (paths) => ({ mounts: paths.map(({ path, mount }) => ({ path, type: mount.type })) }),
    tools: [
      defineProviderTool({
        name: "get_mount_latency_hint",
        description: "Whether a network mount answers within 2 s, and its total and free bytes when it does.",
        input: z.object({
          path: PathArgument.describe("Absolute path on a network file system, such as /home"),
        }),
        async handler({ path }, options) {
          const mount = await requireMount(context, path, { own: isNetwork, label: "network" });
          const startedAtMs = context.now();
          const capacity = await readCapacity(context, path, options);
          const elapsedMs = Math.max(0, context.now() - startedAtMs);
          return { path, type: mount.type, responsive: capacity !== undefined, elapsedMs, ...capacity };
        },
      }),
    ],
  });
}
