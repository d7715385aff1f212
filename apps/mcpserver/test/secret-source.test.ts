import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSettings } from "@parley/mcpserver";
import { describe, expect, onTestFinished, test } from "vitest";

async function file(text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "parley-secret-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, "s");
  await writeFile(path, text);
  return path;
}

const read = (flags: Record<string, unknown>, env: Record<string, string> = {}) =>
  readSettings({ flags: { hub: true, ...flags }, env: { HOME: "/h", ...env } });

describe("[CFG-09] a secret", () => {
  test("comes from a flag with a warning, from a variable or a file without", async () => {
    const flag = await read({ hubSecret: "potato" });
    expect(flag.hubSecret).toBe("potato");
    expect(flag.warnings).toEqual([
      "--hub-secret is visible to every user of this machine in the process list: " +
        "set MCPSERVER_HUB_SECRET or pass --hub-secret-file instead.",
    ]);
    for (const [flags, env] of [
      [{}, { MCPSERVER_HUB_SECRET: "potato" }],
      [{ hubSecretFile: await file(" potato\n") }, {}],
      [{}, { MCPSERVER_HUB_SECRET_FILE: await file("potato") }],
      [{ config: await file(`hub: {secret_file: ${await file("potato")}}`) }, {}],
    ] as const) {
      expect(await read(flags, env)).toMatchObject({ hubSecret: "potato", warnings: [] });
    }
  });

  test("the higher level wins, whichever form it has; two at one level are refused", async () => {
    const path = await file("in file");
    expect((await read({ hubSecret: "flag" }, { MCPSERVER_HUB_SECRET_FILE: path })).hubSecret).toBe("flag");
    expect((await read({ hubSecretFile: path }, { MCPSERVER_HUB_SECRET: "env" })).hubSecret).toBe("in file");
    await expect(read({ hubSecret: "x", hubSecretFile: path })).rejects.toThrow(
      /by --hub-secret and --hub-secret-file: keep one/,
    );
  });

  test("an empty or missing file, and an empty flag, are no secret", async () => {
    await expect(read({ hubSecretFile: await file("\n") })).rejects.toThrow(/the file is empty/);
    await expect(read({ hubSecretFile: "/nowhere/s" })).rejects.toThrow(
      /--hub-secret-file \/nowhere\/s: .*ENOENT/,
    );
    await expect(read({ hubSecret: "" })).rejects.toThrow(/--hub-secret: the value is not text/);
  });

  test("the callers' token takes the same forms, and a variable outranks the file's token_file", async () => {
    const path = await file("in file");
    const config = await file(`server: {token_file: ${path}}`);
    expect((await read({ config })).bearerToken).toBe("in file");
    expect((await read({ config }, { MCPSERVER_TOKEN: "env" })).bearerToken).toBe("env");
    expect((await read({ tokenFile: path }, { MCPSERVER_TOKEN: "env" })).bearerToken).toBe("in file");
    expect(await read({ token: "flag" }, { MCPSERVER_TOKEN: "env" })).toMatchObject({
      bearerToken: "flag",
      warnings: [expect.stringMatching(/^--token is visible.*MCPSERVER_TOKEN or pass --token-file/)],
    });
    await expect(read({}, { MCPSERVER_TOKEN: "x", MCPSERVER_TOKEN_FILE: path })).rejects.toThrow(
      /by MCPSERVER_TOKEN and MCPSERVER_TOKEN_FILE: keep one/,
    );
  });

  test("joining takes the same forms", async () => {
    const flags = { hub: false, join: "http://h", joinSecretFile: await file("potato") };
    expect(await read(flags)).toMatchObject({ joinSecret: "potato", warnings: [] });
    expect((await read({ hub: false, join: "http://h", joinSecret: "x" })).warnings).toHaveLength(1);
  });
});
