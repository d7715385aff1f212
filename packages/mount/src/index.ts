/** Mounts another MCP server: what it offers appears in a registry under a prefix, and calls go on to it. */

export { createMount } from "./create-mount.ts";
export type {
  Mount,
  MountConnection,
  MountOptions,
  MountSessions,
  MountState,
  MountStatus,
} from "./mount.ts";
