import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { browse, serveAuthorized } from "../../mcp-client/test/_authorization.ts";
import { entry, start, until } from "./_gateway.ts";

test("[GTW-10] a person grants access once, and the token outlives the gateway", async () => {
  const server = await serveAuthorized();
  onTestFinished(() => server.close());
  const tokenDirectory = await mkdtemp(join(tmpdir(), "parley-tokens-"));
  onTestFinished(() => rm(tokenDirectory, { recursive: true, force: true }));
  const servers = [entry("guarded", { type: "http", url: server.url, oauth: { callback_port: 0 } })];
  const asked: string[] = [];
  const onAuthorize = (name: string, url: URL): void => {
    asked.push(name);
    void browse(url);
  };
  const first = await start({ servers }, { tokenDirectory, onAuthorize });
  const tokens = () => server.at("/mcp").map(({ authorization }) => authorization);
  await until(() => expect(tokens()).toContain("Bearer access-1"));
  await first.gateway.close();
  expect(asked).toEqual(["guarded"]);
  expect((await stat(join(tokenDirectory, "guarded.json"))).mode & 0o777).toBe(0o600);
  const before = tokens().length;
  await start({ servers }, { tokenDirectory, onAuthorize });
  expect(tokens()[before]).toBe("Bearer access-1");
  expect(asked).toEqual(["guarded"]);
});
