import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { which } from "@parley/exec";
import { chromium } from "playwright-core";
import type { BrowserContext, Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";

/** A browser for tests. */
export interface TestBrowser {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/** The Chromium of this machine; absent where there is none, and tests with it are skipped. */
export async function findBrowser(): Promise<string | undefined> {
  return (await which("chromium")) ?? (await which("chromium-browser"));
}

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Opens a browser with an empty profile of its own; it waits 30 seconds for what is to appear. */
export async function openBrowser(executablePath: string): Promise<TestBrowser> {
  const profile = await mkdtemp(join(tmpdir(), "parley-browser-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: flags,
    permissions: ["clipboard-read", "clipboard-write"],
    viewport: { width: 1200, height: 800 },
  });
  context.setDefaultTimeout(30_000);
  return {
    context,
    async close() {
      await context.close();
      // Its processes write a little longer than it is open.
      await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

/** How {@link visit} is called. */
export interface VisitOptions {
  /** Whether the page asks for what it is refused, with 401, which the browser writes down. */
  readonly refusals?: boolean | undefined;
}

/** Opens an address in a page of its own; the test fails when the browser complains, or another origin is asked. */
export async function visit(
  { context }: TestBrowser,
  address: string,
  { refusals = false }: VisitOptions = {},
): Promise<Page> {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => {
    const text = message.text();
    const isRefusal = text.startsWith("Failed to load resource: the server responded with a status of 401");
    if (["error", "warning"].includes(message.type()) && !(refusals && isRefusal)) complaints.push(text);
  });
  page.on("request", (request) => {
    const asked = request.url();
    if (!asked.startsWith("data:") && !asked.startsWith(new URL(address).origin)) complaints.push(asked);
  });
  onTestFinished(async () => {
    await page.close();
    expect(complaints).toEqual([]);
  });
  await page.goto(address);
  return page;
}
