import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { scratch, sqliteMissing } from "./_stores.ts";

const program = fileURLToPath(new URL("./_fill.ts", import.meta.url));
const root = fileURLToPath(new URL("../../..", import.meta.url));

let directory: string;
let remove: () => Promise<void>;
beforeEach(async () => ({ directory, remove } = await scratch()));
afterEach(async () => await remove());

const missing = process.platform === "win32" ? "skipped: no ulimit" : await sqliteMissing();

it.skipIf(missing !== undefined)(
  `a write that SQLite could not commit is refused, never lost ${missing ?? ""}`,
  async () => {
    const node = `ulimit -f 1000; exec "$0" --conditions=@parley/source --import tsx "$@"`;
    const uri = `sqlite://${join(directory, "parley.db")}`;
    const child = spawn("sh", ["-c", node, process.execPath, program, uri], { cwd: root });
    let answer = "";
    child.stdout.on("data", (chunk) => (answer += String(chunk)));
    await once(child, "close");
    expect(JSON.parse(answer)).toEqual({ refused: "E_DATABASE_IO", lost: [], missing: false });
  },
  30_000,
);
