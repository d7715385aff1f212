import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Registry } from "@parley/tool-registry";
import { chromium } from "playwright-core";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, expect, onTestFinished } from "vitest";
import { serve } from "./_served.ts";
import type { Served } from "./_served.ts";

const closers: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closers.splice(0)) await close();
}, 60_000);

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

/** A browser with an empty profile of its own, closed after the suite. */
export async function openBrowser(executablePath: string): Promise<BrowserContext> {
  const profile = await mkdtemp(join(tmpdir(), "parley-page-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: flags,
    permissions: ["clipboard-read", "clipboard-write"],
    viewport: { width: 1200, height: 800 },
  });
  context.setDefaultTimeout(10_000);
  closers.push(async () => {
    await context.close();
    // Its processes write a little longer than it is open.
    await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  return context;
}

/** A page of a server of its own; the test fails when the browser complains or another origin is asked. */
export async function openPage(
  browser: BrowserContext,
  options: {
    hash?: string;
    token?: string;
    registry?: Registry;
    url?: (served: string) => string;
    refusals?: boolean;
    serve?: () => Promise<Served>;
  } = {},
): Promise<{ page: Page; url: string }> {
  const { hash = "", refusals = options.token !== undefined, url: through = (served) => served } = options;
  const served = await (options.serve ?? (() => serve(options)))();
  const url = through(served.url);
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => {
    // The browser itself writes down every answer of 400 and above.
    const isRefusal = message
      .text()
      .startsWith("Failed to load resource: the server responded with a status of 401");
    if (["error", "warning"].includes(message.type()) && !(refusals && isRefusal))
      complaints.push(message.text());
  });
  page.on("request", (request) => {
    const address = request.url();
    if (!address.startsWith("data:") && !address.startsWith(new URL(url).origin)) complaints.push(address);
  });
  onTestFinished(async () => {
    await page.close();
    await served.close();
    expect(complaints).toEqual([]);
  });
  await page.goto(url + hash);
  return { page, url };
}
