import { ParleyError } from "@parley/core";
import { getDatabase } from "@parley/databases";

/** Run as a process that may write only so much: writes until it is refused, and says what was kept of it. */
const [, , uri = ""] = process.argv;
const database = await getDatabase(uri);
const value = "x".repeat(20_000);
const ids: string[] = [];
let refused = "none";
for (let index = 0; index < 200 && refused === "none"; index += 1) {
  try {
    await database.put("records", `r${index}`, value);
    await database.append("stream", value);
    ids.push(`r${index}`);
  } catch (error) {
    if (!ParleyError.isInstance(error)) throw error;
    refused = error.code;
  }
}
const lost: string[] = [];
for (const id of ids) if (!(await database.get("records", id))) lost.push(id);
const entries = await database.read("stream");
process.stdout.write(JSON.stringify({ refused, lost, missing: ids.length - entries.length > 0 }));
await database.close().catch(() => undefined);
