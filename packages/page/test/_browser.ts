import { openBrowser as openOne, visit } from "@parley/testing/browser";
import type { TestBrowser } from "@parley/testing/browser";
import type { Registry } from "@parley/tool-registry";
import type { Page } from "playwright-core";
import { afterAll, onTestFinished } from "vitest";
import { serve } from "./_served.ts";
import type { Served } from "./_served.ts";

/** A browser that is closed after the suite. */
export async function openBrowser(executablePath: string): Promise<TestBrowser> {
  const browser = await openOne(executablePath);
  closers.push(() => browser.close());
  return browser;
}

const closers: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closers.splice(0)) await close();
}, 60_000);

/** A page of a server of its own; the test fails when the browser complains or another origin is asked. */
export async function openPage(
  browser: TestBrowser,
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
  onTestFinished(() => served.close());
  const page = await visit(browser, url + hash, { refusals });
  return { page, url };
}
