import { open, readFile, rm, stat, utimes } from "node:fs/promises";
import { ParleyError } from "@parley/core";

/** A lock its owner has not touched for so long is left over, whoever has its number now. */
const staleMs = 60_000;
const touchMs = 15_000;
/** Locks of this process: a file that names its number and is not among them is left over from an earlier one. */
const own = new Set<string>();

/** Makes this process the one writer of a file. @returns ends that @throws `E_CONFIG_INVALID` when another process is */
export async function lockFile(path: string): Promise<() => Promise<void>> {
  const lock = `${path}.lock`;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      const file = await open(lock, "wx", 0o600);
      await file.writeFile(String(process.pid));
      await file.close();
      return holding(lock);
    } catch (cause) {
      if (codeOf(cause) !== "EEXIST") {
        throw new ParleyError(
          "E_CONFIG_INVALID",
          `Audit log ${path}: ${lock} cannot be made (${codeOf(cause)}).`,
          {
            cause,
          },
        );
      }
      if (!(await isLeftOver(lock))) break;
      await rm(lock, { force: true });
    }
  }
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `Audit log ${path}: another process writes it (${lock}); give each gateway a file of its own.`,
  );
}

function holding(lock: string): () => Promise<void> {
  own.add(lock);
  const timer = setInterval(() => {
    const now = new Date();
    utimes(lock, now, now).catch(() => undefined);
  }, touchMs).unref();
  return async () => {
    clearInterval(timer);
    own.delete(lock);
    await rm(lock, { force: true });
  };
}

async function isLeftOver(lock: string): Promise<boolean> {
  const [text, facts] = await Promise.all([
    readFile(lock, "utf8").catch(() => ""),
    stat(lock).catch(() => undefined),
  ]);
  if (facts === undefined) return true;
  const owner = Number(text);
  if (owner === process.pid) return !own.has(lock);
  if (Date.now() - facts.mtimeMs > staleMs) return true;
  return Number.isInteger(owner) && owner > 0 && !isAlive(owner);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
}
