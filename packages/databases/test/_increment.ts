import { ParleyError } from "@parley/core";
import { getDatabase } from "@parley/databases";

/** Run as a process: adds one to a counter so many times by compare-and-set, and logs each. */
const [, , uri = "", times = "0"] = process.argv;
const database = await getDatabase(uri);
for (let done = 0; done < Number(times);) {
  const found = await database.get("counters", "n");
  try {
    await database.put("counters", "n", Number(found?.value ?? 0) + 1, { ifVersion: found?.version ?? 0 });
    done += 1;
    if (done % 10 === 0) await database.append("log", done);
  } catch (error) {
    if (!ParleyError.isInstance(error) || error.code !== "E_DATABASE_CONFLICT") throw error;
  }
}
await database.close();
