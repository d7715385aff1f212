import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { which } from "@parley/exec";
import { createServer, requireScope, staticToken } from "@parley/server";
import { createTasks } from "@parley/tasks";
import type { Tasks } from "@parley/tasks";
import { createRegistry } from "@parley/tool-registry";
import { chromium } from "playwright-core";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { scratch, sqliteMissing } from "./_process.ts";

const program = (await which("chromium")) ?? (await which("chromium-browser"));
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
  let browser: BrowserContext;
  let profile: string;
  beforeAll(async () => {
    profile = await mkdtemp(join(tmpdir(), "parley-board-"));
    browser = await chromium.launchPersistentContext(profile, {
      executablePath: program ?? "",
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
      ],
    });
    browser.setDefaultTimeout(30_000);
  });
  afterAll(async () => {
    await browser.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });

  /** The test fails when the browser complains, or another origin is asked. */
  async function visit(url: string, isLocked = false): Promise<Page> {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("pageerror", ({ message }) => complaints.push(message));
    page.on("console", (message) => {
      const isRefusal = isLocked && message.text().includes("401");
      if (["error", "warning"].includes(message.type()) && !isRefusal) complaints.push(message.text());
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(new URL(url).origin)) complaints.push(request.url());
    });
    onTestFinished(async () => {
      await page.close();
      expect(complaints).toEqual([]);
    });
    await page.goto(url);
    return page;
  }

  test("[PLI-10] lists tasks by status, follows them, and shows one with what was said about it", async () => {
    const { tasks, url } = await served();
    await add(tasks, `first ${attack}`);
    await add(tasks, "second");
    const page = await visit(url);
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
    const page = await visit(url, true);
    const field = page.getByLabel("Bearer token");
    await field.waitFor();
    expect(await page.content()).not.toContain("hidden</a>");
    await field.fill("a-token-nobody-knows");
    await page.getByRole("button", { name: "Use token" }).click();
    await page.getByRole("link", { name: "hidden" }).waitFor();
  });
});
