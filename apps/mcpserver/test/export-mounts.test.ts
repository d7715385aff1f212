import { createServer } from "node:net";
import { once } from "node:events";
import { stringify } from "yaml";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { runExport } from "./_export.ts";
import { folder, startWith } from "./_loading.ts";

const Names = z.array(z.object({ name: z.string() }));
const namesIn = (printed: string) => Names.parse(JSON.parse(printed)).map(({ name }) => name);

/** The address of a peer that takes connections and never answers. */
async function silentPeer(): Promise<string> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return `http://127.0.0.1:${address.port}/mcp`;
}

describe("[LOAD-28] tools export", () => {
  test("prints what mounted servers offer under the names they are served by, and nothing that is left out", async () => {
    const { running } = await startWith({});
    const url = String(running.url);
    const { code, printed, said } = await runExport(["--mount", `other=${url}`]);
    expect([code, said]).toEqual([0, ""]);
    expect(namesIn(printed)).toContain("other_simple_echo");
    const without = await runExport(["--mount", `other=${url}`, "--exclude", "name:other_*"]);
    expect(namesIn(without.printed)).not.toContain("other_simple_echo");
  });

  test("ends with the mount that does not answer, after the time it was given", async () => {
    const { code, printed, said } = await runExport([
      "--mount",
      `mute=${await silentPeer()}`,
      "--mount-timeout",
      "1",
    ]);
    expect([code, printed]).toEqual([4, ""]);
    expect(said).toMatch(/--mount: mute has to be there and is .*no answer within 1 s/);
  });

  test("goes on without a mount that may be missing, and says so", async () => {
    const { running } = await startWith({});
    const mount = [
      { name: "mute", url: await silentPeer(), required: false },
      { name: "other", url: running.url },
    ];
    const path = await folder({ "c.yaml": stringify({ mount }) });
    const { code, printed, said } = await runExport(["--config", `${path}/c.yaml`, "--mount-timeout", "1"]);
    expect(code).toBe(0);
    expect(namesIn(printed)).toContain("other_simple_echo");
    expect(said).toMatch(/Mount mute is left out, being .*no answer within 1 s/);
  });
});
