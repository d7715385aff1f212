import { bytesPerGib, formatBytes, ParleyError } from "@parley/core";
import { z } from "zod";
import type { StorageModel } from "../model/cluster-model.ts";
import { noArguments, observe, type Facility } from "./_facility.ts";

const pathInput = z.object({
  path: z.string().min(1).max(1024).describe("Absolute path on the file system, such as /home/ada"),
});

const scratchInput = z.object({ path: pathInput.shape.path.default("/scratch") });

function requireInside(store: StorageModel, path: string): void {
  const inside = path === store.path || path.startsWith(`${store.path}/`);
  if (inside) return;
  const shown = JSON.stringify(path.slice(0, 200));
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    `${shown} is not on ${store.kind}; ask for a path under ${store.path}.`,
  );
}

const capacity = ({ totalBytes, usedBytes }: StorageModel): Record<string, number> => ({
  totalBytes,
  freeBytes: totalBytes - usedBytes,
});
const sizeGb = ({ totalBytes }: StorageModel): number => totalBytes / bytesPerGib;
const usedGb = ({ usedBytes }: StorageModel): number => usedBytes / bytesPerGib;

type Wording = Pick<Facility, "name" | "tools"> & {
  readonly metadata: Record<string, unknown>;
  readonly truth: Record<string, unknown>;
};

function lustre(store: StorageModel): Wording {
  const { path: mount, usedBytes, totalBytes } = store;
  const quota = observe({
    name: "get_quota_info",
    description: "Bytes used and allowed on the Lustre file system under a path.",
    input: pathInput,
    answer: ({ path }) => {
      requireInside(store, path);
      return { path, usedBytes, overQuota: false, hardLimitBytes: totalBytes };
    },
  });
  const stripes = observe({
    name: "get_stripe_info",
    description: "Stripe count and stripe size in bytes of a directory or file on Lustre.",
    input: pathInput,
    answer: ({ path }) => {
      requireInside(store, path);
      return { path, stripeCount: 1, stripeSizeBytes: 2 ** 20 };
    },
  });
  return {
    name: "lustre",
    metadata: { mount_point: mount, mounts: [mount] },
    truth: { mount, size_gb: sizeGb(store), used_gb: usedGb(store) },
    tools: [quota, stripes],
  };
}

function nfs(store: StorageModel): Wording {
  const hint = observe({
    name: "get_mount_latency_hint",
    description: "Whether a network mount answers, and its total and free bytes.",
    input: pathInput,
    answer: ({ path }) => {
      requireInside(store, path);
      return { path, type: "nfs4", responsive: true, elapsedMs: 2, ...capacity(store) };
    },
  });
  return {
    name: "network-fs",
    metadata: { mounts: [{ path: store.path, type: "nfs4" }], host: store.host },
    truth: { mount: store.path, host: store.host, size_gb: sizeGb(store), used_gb: usedGb(store) },
    tools: [hint],
  };
}

function scratch(store: StorageModel): Wording {
  const tool = observe({
    name: "get_local_capacity",
    description: "Total and free bytes of the local file system under a path.",
    input: scratchInput,
    answer: ({ path }) => {
      requireInside(store, path);
      return { path, type: "xfs", ...capacity(store) };
    },
  });
  return {
    name: "local-scratch",
    metadata: { path: store.path, type: "xfs", mounts: [{ path: store.path, type: "xfs" }] },
    truth: { mount: store.path, size_gb: sizeGb(store), used_gb: usedGb(store) },
    tools: [tool],
  };
}

function objectStore(store: StorageModel): Wording {
  const bucket = store.path.replace("s3://", "");
  const buckets = observe({
    name: "list_buckets",
    description: "Buckets of the object store, with their total and free bytes.",
    input: noArguments,
    answer: () => ({ endpoint: store.host, buckets: [{ name: bucket, ...capacity(store) }] }),
  });
  return {
    name: "s3",
    metadata: { endpoint: store.host, buckets: [bucket] },
    truth: { bucket, endpoint: store.host, size_gb: sizeGb(store), used_gb: usedGb(store) },
    tools: [buckets],
  };
}

const wordings = { lustre, nfs, s3: objectStore, "local-scratch": scratch } as const;

/** A file system or object store of a site. */
export function storageFacility(store: StorageModel): Facility {
  const { name, tools, metadata, truth } = wordings[store.kind](store);
  const { kind, path, totalBytes, usedBytes } = store;
  const freeBytes = totalBytes - usedBytes;
  return {
    name,
    category: "storage",
    metadata: () => metadata,
    truth: () => truth,
    facts: (_query, record) => {
      const summary = `${path}: ${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} free`;
      const args = kind === "s3" ? {} : { path };
      const evidence = record(tools[0]?.name ?? "", { args, summary });
      const parallel = kind === "lustre";
      return { storage: [{ kind, path, parallel, totalBytes, freeBytes, scope: "cluster", evidence }] };
    },
    tools,
  };
}
