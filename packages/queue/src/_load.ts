import type BetterSqlite3 from "better-sqlite3";
import { ParleyError } from "@parley/core";

/** Loads native code; the default of the `load` seam. */
export async function loadSqlite(): Promise<typeof BetterSqlite3> {
  return (await import("better-sqlite3")).default;
}

/** Says what is wrong with the native module and what to do. */
function driverError(cause: unknown): ParleyError {
  const text = String(cause);
  const why = /NODE_MODULE_VERSION|ERR_DLOPEN_FAILED/.test(text)
    ? "was built for another Node.js: run `npm rebuild better-sqlite3`"
    : /bindings file/.test(text)
      ? "is not compiled: run `npm rebuild better-sqlite3` (needs python3, make and a C++ compiler)"
      : "is not installed: run `npm install better-sqlite3`";
  return new ParleyError("E_DATABASE_DRIVER", `A queue needs the package better-sqlite3, which ${why}.`, {
    cause,
  });
}

/** Loads the module and proves that its native half works. */
export async function loadClient(load: () => Promise<typeof BetterSqlite3>): Promise<typeof BetterSqlite3> {
  try {
    const Client = await load();
    new Client(":memory:").close();
    return Client;
  } catch (error) {
    throw driverError(error);
  }
}
