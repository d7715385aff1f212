import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execute, plainColors } from "@parley/cli";
import { tokenFile } from "@parley/server";
import { describe, expect, onTestFinished, test } from "vitest";
import { createProgram } from "../src/program.ts";

async function run(argv: readonly string[], env: Record<string, string> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
    env,
    interactive: false,
    width: 100,
    colors: plainColors,
    signal: new AbortController().signal,
  };
  const code = await execute(createProgram(io), argv, io);
  return { code, out: out.join("\n"), err: err.join("\n") };
}

async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "parley-token-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

describe("[ACC-03] mcpserver token", () => {
  test("adds a token that opens, and shows it this once", async () => {
    const path = join(await scratch(), "tokens.json");
    const added = await run([
      "token",
      "add",
      "ci",
      "--tokens",
      path,
      "--scopes",
      "read,negotiate",
      "--expires",
      "30d",
    ]);
    expect(added).toMatchObject({ code: 0, out: expect.stringMatching(/^parley_[\w-]+$/) });
    expect(added.err).toMatch(
      /^Added "ci" \(read, negotiate\) to .*, valid until \d{4}-.*It is shown this once\.$/,
    );
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, "utf8")).not.toContain(added.out);
    const authenticate = await tokenFile(path);
    expect(await authenticate({ token: added.out, headers: {} })).toMatchObject({ name: "ci" });
    const listed = await run(["token", "list", "--tokens", path]);
    expect(listed.out).toMatch(/name\s+state\s+created[\s\S]*ci\s+valid.*read negotiate/);
    expect(listed.out).not.toContain("parley_");
  });

  test("takes the file from the environment or the configuration, and speaks JSON", async () => {
    const directory = await scratch();
    const path = join(directory, "tokens.json");
    const added = JSON.parse((await run(["token", "add", "a", "--json"], { MCPSERVER_TOKENS: path })).out);
    expect(added).toMatchObject({ name: "a", scopes: ["read"], token: expect.stringMatching(/^parley_/) });
    await writeFile(join(directory, "parley.yaml"), `server:\n  tokens: ${path}\n`);
    const config = ["--config", join(directory, "parley.yaml")];
    const revoked = JSON.parse((await run(["token", "revoke", "a", "--json", ...config])).out);
    expect(revoked).toMatchObject({ name: "a", revokedAt: expect.any(String) });
    const { tokens } = JSON.parse((await run(["token", "list", "--json", ...config])).out);
    expect(tokens).toEqual([{ ...revoked, state: "revoked" }]);
    expect((await run(["token", "remove", "a", ...config])).err).toBe(`Removed "a" in ${path}.`);
    expect(await run(["token", "list", ...config])).toMatchObject({
      code: 0,
      out: "",
      err: expect.stringMatching(/token add NAME/),
    });
  });

  test.each([
    [["token", "add", "a"], /^error: Which token file\? Pass --tokens FILE/],
    [["token", "add", "a b", "--tokens", "F"], /name: must be 1 to 63 letters/],
    [["token", "add", "a", "--tokens", "F", "--scopes", "root"], /scopes/],
    [["token", "add", "a", "--tokens", "F", "--expires", "soon"], /--expires: "soon" is neither a duration/],
    [["token", "add", "a", "--tokens", "F", "--expires", "2026-13-40"], /neither a duration/],
    [["token", "remove", "a", "--tokens", "F"], /there is no token "a"/],
    [["token", "list", "--tokens", "D"], /it is a directory/],
    [["token", "list", "--nosuch"], /nosuch/],
  ])("%j ends with 2 and a sentence", async (argv, message) => {
    const directory = await scratch();
    const placed = argv.map((word) =>
      word === "F" ? join(directory, "f.json") : word === "D" ? directory : word,
    );
    expect(await run(placed)).toMatchObject({ code: 2, out: "", err: expect.stringMatching(message) });
  });
});
