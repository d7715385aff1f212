import { ParleyError } from "@parley/core";
import { z } from "zod";

/** Files of a job: their paths, and where each is fetched from. */
export type Downloads = Readonly<Record<string, string>>;

const Map = z.record(z.string(), z.string());
const mostFiles = 10_000;

/**
 * Reads the files an engine offers. Each path must stay below the folder it is pulled into, and each address must be
 * https, or http where the engine is.
 * @throws `E_ENGINE_REFUSED`
 */
export function readDownloads(value: unknown, engine: string): Downloads {
  const parsed = Map.safeParse(value ?? {});
  if (!parsed.success) throw refused("sent no list of files");
  const entries = Object.entries(parsed.data);
  if (entries.length > mostFiles) throw refused(`offers more than ${String(mostFiles)} files`);
  for (const [path, address] of entries) {
    if (!isSafeRelative(path)) throw refused(`would write to ${JSON.stringify(path)}, outside its folder`);
    if (!isFetchable(address, engine)) throw refused(`has no https address for ${JSON.stringify(path)}`);
  }
  return parsed.data;
}

/** Whether a path names a file below the folder it is taken in, on any system. */
function isSafeRelative(path: string): boolean {
  if (path === "" || path.length > 1024 || /[\\:\p{Cc}]/u.test(path)) return false;
  return path.split("/").every((part) => part !== "" && part !== "." && part !== ".." && part.length <= 255);
}

function isFetchable(address: string, engine: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol } = new URL(address);
  return protocol === "https:" || (protocol === "http:" && engine.startsWith("http:"));
}

function refused(reason: string): ParleyError {
  return new ParleyError(
    "E_ENGINE_REFUSED",
    `Nothing was pulled: the engine ${reason}. Look at the job in the dashboard.`,
  );
}
