import { isRecord } from "../record.ts";

/** Keys of entries as other programs write them, and ours. */
const spellings: Readonly<Record<string, string>> = {
  httpUrl: "url",
  isActive: "enabled",
  serverUrl: "url",
};

/** The key of a file that holds its servers: `servers` in files of VS Code. */
export function rootOf(file: unknown): "mcpServers" | "servers" {
  const isVsCode = isRecord(file) && file["mcpServers"] === undefined && isRecord(file["servers"]);
  return isVsCode ? "servers" : "mcpServers";
}

/** A file with its servers in `mcpServers`, whose entries have our keys; whatever has them already stays as it is. */
export function asUsual(file: unknown): unknown {
  if (!isRecord(file)) return file;
  const servers = file[rootOf(file)];
  if (!isRecord(servers)) return file;
  const usual = Object.entries(servers).map(([name, entry]) => [
    name,
    isRecord(entry) ? renamed(entry) : entry,
  ]);
  return { ...file, mcpServers: Object.fromEntries(usual) };
}

function renamed(entry: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(
    Object.entries(entry).map(([key, value]) => {
      const ours = Object.hasOwn(spellings, key) ? spellings[key] : undefined;
      return [ours === undefined || entry[ours] !== undefined ? key : ours, value];
    }),
  );
}
