import { execFile } from "node:child_process";
import { chmod, readFile, readdir, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { tokenFile, tokenStore } from "@parley/server";
import { fakeClock } from "@parley/testing";
import { describe, expect, it } from "vitest";
import { scratch } from "./support.ts";

const place = async () => `${await scratch()}/tokens.json`;
const ask = (authenticate: Awaited<ReturnType<typeof tokenFile>>, token: string) =>
  Promise.resolve(authenticate({ token, headers: {} }));

describe("[ACC-01] a token file", () => {
  it("tells holders apart, and keeps no token", async () => {
    const path = await place();
    const store = tokenStore(path);
    const { token, entry } = await store.add({ name: "ci", scopes: ["read", "negotiate"] });
    const other = await store.add({ name: "ops", scopes: ["admin"] });
    expect(token).toMatch(/^parley_[0-9a-f]{12}_[\w-]{43}$/);
    const kept = await readFile(path, "utf8");
    expect(kept).not.toContain(token.slice(20));
    expect(JSON.stringify(entry)).not.toContain("sha256");
    const authenticate = await tokenFile(path);
    expect(await ask(authenticate, token)).toEqual({ name: "ci", scopes: new Set(["read", "negotiate"]) });
    expect(await ask(authenticate, other.token)).toMatchObject({ name: "ops" });
    expect(await authenticate({ headers: {} })).toBeUndefined();
  });

  it("knows none but the whole token", async () => {
    const path = await place();
    const { token } = await tokenStore(path).add({ name: "ci", scopes: ["read"] });
    const authenticate = await tokenFile(path);
    const last = token.at(-1) === "A" ? "B" : "A";
    const wrong = [
      token.slice(0, -1) + last,
      token.slice(0, -1),
      `${token}A`,
      token.toUpperCase(),
      ` ${token}`,
    ];
    const unknown = token.replace(/_[0-9a-f]{12}_/, "_000000000000_");
    for (const attempt of [...wrong, unknown, "", "parley__"]) {
      expect([attempt, await ask(authenticate, attempt)]).toEqual([attempt, undefined]);
    }
  });

  it("refuses what has expired or was revoked, and says which", async () => {
    const path = await place();
    const clock = fakeClock();
    const store = tokenStore(path, { clock });
    const expiresAt = new Date(clock.now() + 60_000).toISOString();
    const { token } = await store.add({ name: "short", scopes: ["read"], expiresAt });
    const authenticate = await tokenFile(path, { clock });
    expect(await ask(authenticate, token)).toMatchObject({ name: "short" });
    clock.advance(60_000);
    await expect(ask(authenticate, token)).rejects.toMatchObject({
      code: "E_AUTH_REQUIRED",
      message: expect.stringMatching(/"short" has expired/),
    });
    const second = await store.add({ name: "left", scopes: ["read"] });
    await store.revoke("left");
    clock.advance(2000);
    await expect(ask(authenticate, second.token)).rejects.toThrow(/"left" was revoked/);
  });

  it.each([
    ["no JSON", "{"],
    ["no token file", "[]"],
    ["another version", '{"version":2,"tokens":[]}'],
    [
      "a scope nobody knows",
      '{"version":1,"tokens":[{"id":"0123456789ab","name":"x","scopes":["root"],"hash":"h","createdAt":"2026-01-01T00:00:00Z"}]}',
    ],
  ])("does not open as %s", async (_what, text) => {
    const path = await place();
    await writeFile(path, text, { mode: 0o600 });
    await expect(tokenFile(path)).rejects.toMatchObject({
      code: "E_CONFIG_INVALID",
      message: expect.stringContaining(path),
    });
  });

  it("does not open with two holders of one name, or when there is none", async () => {
    const path = await place();
    await expect(tokenFile(path)).rejects.toThrow(/there is no such file.*token add/);
    await tokenStore(path).add({ name: "ci", scopes: ["read"] });
    const whole = JSON.parse(await readFile(path, "utf8"));
    const twin = { ...whole.tokens[0], id: "000000000000" };
    await writeFile(path, JSON.stringify({ ...whole, tokens: [...whole.tokens, twin] }));
    await expect(tokenFile(path)).rejects.toThrow(/share a name/);
  });
});

describe("[ACC-02] a token file that changes", () => {
  async function watched() {
    const path = await place();
    const clock = fakeClock();
    const notices: string[] = [];
    const store = tokenStore(path, { clock });
    const { token } = await store.add({ name: "first", scopes: ["read"] });
    const authenticate = await tokenFile(path, { clock, notice: (text) => notices.push(text) });
    return { path, clock, notices, store, token, authenticate };
  }

  it("is read anew within a second, while it is in use", async () => {
    const { clock, notices, store, token, authenticate } = await watched();
    const second = await store.add({ name: "second", scopes: ["read"] });
    await store.remove("first");
    expect(await ask(authenticate, token)).toMatchObject({ name: "first" });
    clock.advance(1000);
    expect(await ask(authenticate, token)).toBeUndefined();
    expect(await ask(authenticate, second.token)).toMatchObject({ name: "second" });
    expect(notices).toEqual([]);
  });

  it("keeps the last good version in force, says so once, and takes the next good one", async () => {
    const { path, clock, notices, store, token, authenticate } = await watched();
    const good = await readFile(path, "utf8");
    await writeFile(path, good.slice(0, 30));
    for (let round = 0; round < 3; round += 1) {
      clock.advance(1000);
      expect(await ask(authenticate, token)).toMatchObject({ name: "first" });
    }
    expect(notices).toEqual([
      expect.stringMatching(/it is not JSON\. The tokens read before stay in force\.$/),
    ]);
    await rm(path);
    clock.advance(1000);
    expect(await ask(authenticate, token)).toMatchObject({ name: "first" });
    expect(notices).toHaveLength(2);
    const { token: next } = await store.add({ name: "next", scopes: ["read"] });
    clock.advance(1000);
    expect(await ask(authenticate, next)).toMatchObject({ name: "next" });
    expect(await ask(authenticate, token)).toBeUndefined();
  });

  it("takes the same name back when a whole other file is put there", async () => {
    const { path, clock, token, authenticate } = await watched();
    const elsewhere = `${path}.new`;
    const { token: moved } = await tokenStore(elsewhere).add({ name: "moved", scopes: ["read"] });
    await rename(elsewhere, path);
    clock.advance(1000);
    expect(await ask(authenticate, moved)).toMatchObject({ name: "moved" });
    expect(await ask(authenticate, token)).toBeUndefined();
  });

  it("warns of a file that others may read", async () => {
    const { path, token } = await watched();
    await chmod(path, 0o644);
    const notices: string[] = [];
    const authenticate = await tokenFile(path, { notice: (text) => notices.push(text) });
    expect(notices).toEqual([expect.stringMatching(/others may read it.*chmod 600/)]);
    expect(await ask(authenticate, token)).toMatchObject({ name: "first" });
  });
});

describe("[ACC-03] the store of a token file", () => {
  it("lists, removes and revokes, and leaves a file for its owner only", async () => {
    const path = await place();
    const store = tokenStore(path);
    expect(await store.list()).toEqual([]);
    await store.add({ name: "a", scopes: ["read"] });
    await store.add({ name: "b", scopes: [] });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const revoked = await store.revoke("a");
    expect(await store.revoke("a")).toEqual(revoked);
    await store.remove("b");
    expect(await store.list()).toEqual([{ ...revoked, revokedAt: expect.any(String) }]);
    expect((await store.list())[0]).not.toHaveProperty("hash");
    expect(await readdir(path.replace(/\/[^/]*$/, ""))).toEqual(["tokens.json"]);
  });

  it("refuses names in use, names of the server's own, unknown names and scopes", async () => {
    const path = await place();
    const store = tokenStore(path);
    await store.add({ name: "a", scopes: ["read"] });
    await expect(store.add({ name: "a", scopes: ["read"] })).rejects.toMatchObject({
      code: "E_TOKEN_EXISTS",
    });
    for (const name of ["anonymous", "hub", "stdio", "token", "oauth:ada", "", "a b", "x".repeat(64)]) {
      await expect(store.add({ name, scopes: ["read"] })).rejects.toMatchObject({
        code: "E_ARGUMENT_INVALID",
      });
    }
    await expect(store.add({ name: "b", scopes: ["root"] })).rejects.toThrow(/scopes/);
    await expect(store.remove("b")).rejects.toMatchObject({ code: "E_TOKEN_UNKNOWN" });
    expect(await store.list()).toHaveLength(1);
  });

  it("loses nothing under many writers, of several processes too", { timeout: 60_000 }, async () => {
    const path = await place();
    const script = `
      import { tokenStore } from ${JSON.stringify(import.meta.resolve("../src/index.ts"))};
      const store = tokenStore(process.argv[1], { lockTimeoutMs: 40000 });
      await Promise.all([0, 1, 2, 3, 4].map((n) => store.add({ name: process.argv[2] + n, scopes: ["read"] })));
    `;
    const argv = [
      "--conditions=@parley/source",
      "--import",
      import.meta.resolve("tsx"),
      "--input-type=module",
      "-e",
      script,
    ];
    const run = (name: string) => promisify(execFile)(process.execPath, [...argv, path, name]);
    const store = tokenStore(path, { lockTimeoutMs: 40_000 });
    await Promise.all([
      run("p"),
      run("q"),
      ...Array.from({ length: 10 }, (_, n) => store.add({ name: `own${n}`, scopes: ["read"] })),
    ]);
    expect((await store.list()).map(({ name }) => name).toSorted()).toEqual(
      [
        ...["p", "q"].flatMap((name) => [0, 1, 2, 3, 4].map((n) => `${name}${n}`)),
        ...Array.from({ length: 10 }, (_, n) => `own${n}`),
      ].toSorted(),
    );
  });

  it("says who to ask when a writer died, and leaves the old file whole when it cannot write", async () => {
    const path = await place();
    const store = tokenStore(path, { lockTimeoutMs: 50 });
    await store.add({ name: "a", scopes: ["read"] });
    await writeFile(`${path}.lock`, "");
    await expect(store.add({ name: "b", scopes: ["read"] })).rejects.toThrow(
      /another writer holds .*\.lock; remove that file/,
    );
    await rm(`${path}.lock`);
    await writeFile(path, "{");
    await expect(store.add({ name: "b", scopes: ["read"] })).rejects.toThrow(/not JSON/);
    expect(await readFile(path, "utf8")).toBe("{");
    await expect(tokenStore("/nowhere/tokens.json").add({ name: "b", scopes: [] })).rejects.toThrow(
      /cannot be written \(ENOENT\)/,
    );
  });

  it("follows a link to the file instead of replacing the link", async () => {
    const path = await place();
    await tokenStore(path).add({ name: "a", scopes: ["read"] });
    const link = `${path}.link`;
    await symlink(path, link);
    await tokenStore(link).add({ name: "b", scopes: ["read"] });
    expect(await tokenStore(path).list()).toHaveLength(2);
  });
});
