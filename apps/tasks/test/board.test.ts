import { join } from "node:path";
import { createServer, requireScope, staticToken } from "@parley/server";
import { createTasks } from "@parley/tasks";
import type { Tasks } from "@parley/tasks";
import { createRegistry } from "@parley/tool-registry";
import { findBrowser, openBrowser, visit } from "@parley/testing/browser";
import type { TestBrowser } from "@parley/testing/browser";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { scratch, sqliteMissing } from "./_process.ts";

const program = await findBrowser();
const missing =
  (await sqliteMissing()) ?? (program === undefined ? "(skipped: no chromium on PATH)" : undefined);
const patient = { timeout: 30_000 };
const attack = `</td><img src="http://192.0.2.1/x.png" onerror="document.title='owned'">`;

/** A queue with its board, on a free port. */
async function served(token?: string): Promise<{ tasks: Tasks; url: string }> {
  const tasks = await createTasks({ file: join(await scratch(), "tasks.db") });
  const registry = createRegistry();
  registry.replace(tasks.origin, tasks);
  const authenticator = token === undefined ? {} : { authenticator: staticToken(token) };
  const server = createServer({ name: "tasks", version: "1", registry, openApi: false, ...authenticator });
  void server.app.register(async (app) => tasks.install({ app, requireScope }));
  const { url } = await server.listen({ port: 0 });
  onTestFinished(async () => {
    await server.close();
    await tasks.close();
  });
  return { tasks, url: `${url}/board/` };
}

const add = ({ queue }: Tasks, description: string) => queue.submit({ payload: { description } });

describe.skipIf(missing !== undefined)(`the board in Chromium ${missing ?? ""}`, { timeout: 120_000 }, () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await openBrowser(program ?? "");
  });
  afterAll(() => browser.close());

  test("[PLI-10] lists tasks by status, follows them, and shows one with what was said about it", async () => {
    const { tasks, url } = await served();
    await add(tasks, `first ${attack}`);
    await add(tasks, "second");
    const page = await visit(browser, url);
    const rows = page.locator("#tasks tbody tr");
    await expect.poll(() => rows.count(), patient).toBe(2);
    expect(await page.locator("main img").count()).toBe(0);
    await page.getByRole("link", { name: "pending 2" }).waitFor();
    const [lease] = await tasks.queue.claim({ worker: "w" });
    await page.getByRole("link", { name: "in progress 1" }).click();
    await page.getByRole("link", { name: /^first/ }).click();
    const task = page.locator("#task");
    await expect.poll(() => task.innerText(), patient).toContain("In the hands of w");
    if (lease === undefined) throw new Error("nothing to claim");
    await tasks.queue.fail(lease, { class: "retryable", message: "it broke", feedback: "hold it upright" });
    await expect.poll(() => task.innerText(), patient).toContain("hold it upright");
    await task.getByRole("button", { name: "Cancel task" }).click();
    await expect.poll(() => task.innerText(), patient).toContain("cancelled");
    await page.getByRole("link", { name: "cancelled 1" }).waitFor();
    expect(await page.locator("#breaker").innerText()).toContain("closed");
  });

  test("[PLI-10] asks for a token where one is wanted", async () => {
    const { tasks, url } = await served("a-token-nobody-knows");
    await add(tasks, "hidden");
    const page = await visit(browser, url, { refusals: true });
    const field = page.getByLabel("Bearer token");
    await field.waitFor();
    expect(await page.content()).not.toContain("hidden</a>");
    await field.fill("a-token-nobody-knows");
    await page.getByRole("button", { name: "Use token" }).click();
    await page.getByRole("link", { name: "hidden" }).waitFor();
  });
});
