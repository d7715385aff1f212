import { Labels, Manifest, SecretaryInfo } from "@parley/core";
import type { WorkerState, WorkerView } from "@parley/core";
import { z } from "zod";
import type { WorkerLink } from "../wire/link.ts";

/** A worker as the store keeps it. The credential is sealed, the lease only as a digest. */
export const MemberRecord = z.object({
  id: z.string(),
  url: z.string(),
  prefix: z.string(),
  labels: Labels,
  manifest: Manifest,
  instance: z.string().optional(),
  sealedCredential: z.string().optional(),
  leaseDigest: z.string(),
  version: z.string().optional(),
  secretary: SecretaryInfo.optional(),
  registeredAt: z.string(),
});
export type MemberRecord = z.infer<typeof MemberRecord>;

/** A worker as the running hub holds it. */
export interface Member {
  /** Without the manifest: a thousand of them would fill the hub's memory, and the store has them. */
  record: Omit<MemberRecord, "manifest">;
  link: WorkerLink;
  /** The bearer token the link sends. */
  credential: string | undefined;
  /** Milliseconds since the epoch; 0 while it has not been heard of since the hub started. */
  lastSeenMs: number;
  toolsVersion: number | undefined;
  mirrored: number;
  /** Why it could not be reached last, if so. */
  trouble: string | undefined;
  /** A worker in this process: always online, never stored. */
  readonly local: boolean;
}

/** Whether the worker registered in the seed's way, without a heartbeat of its own. */
export function isLegacy(member: Member): boolean {
  return !member.local && member.record.instance === undefined;
}

/** Online within two heartbeats, stale within three, offline after. */
export function stateOf(member: Member, nowMs: number, heartbeatMs: number): WorkerState {
  if (member.local) return "online";
  const silentMs = nowMs - member.lastSeenMs;
  if (silentMs <= 2 * heartbeatMs) return "online";
  return silentMs <= 3 * heartbeatMs ? "stale" : "offline";
}

export function viewOf(member: Member, nowMs: number, heartbeatMs: number): WorkerView {
  const { record } = member;
  const state = stateOf(member, nowMs, heartbeatMs);
  return {
    id: record.id,
    url: record.url,
    prefix: record.prefix,
    labels: record.labels,
    state,
    legacy: isLegacy(member),
    tools: member.mirrored,
    registeredAt: record.registeredAt,
    lastSeenAt: member.lastSeenMs === 0 ? record.registeredAt : new Date(member.lastSeenMs).toISOString(),
    version: record.version,
    secretary: record.secretary,
    ...(state === "online" ? {} : { reason: member.trouble ?? "missed its heartbeats" }),
  };
}
