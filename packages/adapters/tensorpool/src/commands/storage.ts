import type { EngineCommand } from "../backend.ts";
import type { Capabilities } from "../cli/capabilities.ts";
import { tooOld } from "./clusters.ts";

/** A volume to be made. */
interface NewVolume {
  readonly size_gb: number;
  readonly name?: string | undefined;
  /** Of a `tp` until 0.0.8. */
  readonly volume_type: "fast" | "flex";
  readonly deletion_protection: boolean;
  readonly wait: boolean;
}

function sizeArguments({ storageCreate }: Capabilities, { size_gb, volume_type }: NewVolume): string[] {
  const size = String(size_gb);
  switch (storageCreate) {
    case "size":
      return [size];
    case "type-and-size":
      return [volume_type, "-s", size];
    case "type-flag":
      return ["-t", volume_type, "-s", size];
    default:
      return ["-s", size];
  }
}

function create(volume: NewVolume): EngineCommand {
  const { size_gb, name, deletion_protection, wait } = volume;
  return {
    doing: "create the volume",
    argv: ({ tp }) => [
      "storage",
      "create",
      ...sizeArguments(tp, volume),
      ...(name === undefined ? [] : ["--name", name]),
      ...(deletion_protection ? ["--deletion-protection"] : []),
      ...(tp.storageWait ? (wait ? ["--wait"] : []) : ["--no-input"]),
    ],
    request: {
      method: "POST",
      path: ["storage", "create"],
      body: { size: size_gb, deletion_protection, ...(name === undefined ? {} : { name }) },
    },
    wait,
  };
}

function list(org: boolean): EngineCommand {
  return {
    doing: "list the volumes",
    argv: () => ["storage", "list", ...(org ? ["--org"] : [])],
    request: { method: "GET", path: ["storage", "list"], query: org ? { include_org: "true" } : {} },
  };
}

function info(storage_id: string): EngineCommand {
  return {
    doing: `look at volume ${storage_id}`,
    argv: () => ["storage", "info", storage_id],
    request: { method: "GET", path: ["storage", "info", storage_id] },
  };
}

/** What of a volume is to change. */
interface VolumeChange {
  readonly storage_id: string;
  readonly name?: string | undefined;
  readonly deletion_protection?: boolean | undefined;
  readonly size_gb?: number | undefined;
}

function edit({ storage_id, name, deletion_protection, size_gb }: VolumeChange): EngineCommand {
  return {
    doing: `change volume ${storage_id}`,
    argv: () => [
      "storage",
      "edit",
      storage_id,
      ...(name === undefined ? [] : ["--name", name]),
      ...(deletion_protection === undefined ? [] : ["--deletion-protection", String(deletion_protection)]),
      ...(size_gb === undefined ? [] : ["-s", String(size_gb)]),
    ],
    request: {
      method: "PATCH",
      path: ["storage", "edit", storage_id],
      body: {
        ...(name === undefined ? {} : { tp_storage_name: name }),
        ...(deletion_protection === undefined ? {} : { deletion_protection }),
        ...(size_gb === undefined ? {} : { size_gb }),
      },
    },
  };
}

function destroy({
  storage_id,
  wait,
}: {
  readonly storage_id: string;
  readonly wait: boolean;
}): EngineCommand {
  return {
    doing: `destroy volume ${storage_id}`,
    argv: ({ tp }) => [
      "storage",
      "destroy",
      storage_id,
      "--no-input",
      ...(wait && tp.storageWait ? ["--wait"] : []),
    ],
    request: { method: "DELETE", path: ["storage", storage_id] },
    wait,
  };
}

/** A volume and the cluster it goes to or from. */
interface Attachment {
  readonly storage_id: string;
  readonly cluster_id: string;
  readonly wait: boolean;
}

/** Until 0.0.5 it was a verb of storage, and the volume came first. */
function attachment(
  verb: "attach" | "detach",
  { storage_id, cluster_id, wait }: Attachment,
): EngineCommand["argv"] {
  return ({ tp }) => {
    if (tp.attachUnder === "storage") return ["storage", verb, "--no-input", storage_id, cluster_id];
    const waits = wait && tp.generation === "current" ? ["--wait"] : [];
    const old = tp.generation === "legacy" ? ["--no-input"] : [];
    return ["cluster", verb, cluster_id, storage_id, ...waits, ...old];
  };
}

function attach(given: Attachment): EngineCommand {
  const { storage_id, cluster_id, wait } = given;
  return {
    doing: `attach volume ${storage_id} to cluster ${cluster_id}`,
    argv: attachment("attach", given),
    request: { method: "POST", path: ["storage", "attach"], body: { storage_id, cluster_ids: [cluster_id] } },
    wait,
  };
}

function detach(given: Attachment): EngineCommand {
  const { storage_id, cluster_id, wait } = given;
  return {
    doing: `detach volume ${storage_id} from cluster ${cluster_id}`,
    argv: attachment("detach", given),
    request: { method: "POST", path: ["storage", "detach"], body: { storage_id, cluster_id } },
    wait,
  };
}

/** Commands about shared volumes (NFS). */
export const storageCommands = { create, list, info, edit, destroy, attach, detach };

type Method = EngineCommand["request"]["method"];

/** A command of `tp object-storage`. */
function objectStorage(doing: string, words: readonly string[], method: Method): EngineCommand {
  return {
    doing,
    argv({ tp }) {
      if (!tp.objectStorage) throw tooOld("object storage", tp.version);
      return ["object-storage", ...words];
    },
    request: { method, path: ["object-storage", ...words] },
  };
}

/** Commands about object storage. */
export const bucketCommands = {
  list: (): EngineCommand => objectStorage("list the buckets", ["bucket", "list"], "GET"),
  create: (name: string): EngineCommand =>
    objectStorage(`create bucket ${name}`, ["bucket", "create", name], "PUT"),
  delete: (name: string): EngineCommand =>
    objectStorage(`delete bucket ${name}`, ["bucket", "delete", name], "DELETE"),
  credentials: (): EngineCommand =>
    objectStorage("read the credentials of the object storage", ["credentials"], "GET"),
};
