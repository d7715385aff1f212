import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { findBrowser } from "@parley/testing/browser";
import type { TestBrowser } from "@parley/testing/browser";
import { openBrowser, openPage } from "./_browser.ts";
import { serveGateway } from "./_gateway.ts";
import type { ServedGateway } from "./_gateway.ts";
import { attack } from "./_served.ts";

/** The page asks every second, and machines may be slow. */
const patient = { timeout: 20_000 };
const chromium = await findBrowser();
const why = chromium === undefined ? " (skipped: no chromium on PATH)" : "";

describe.skipIf(chromium === undefined)(`gateway's page in Chromium${why}`, { timeout: 120_000 }, () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await openBrowser(chromium ?? "");
  }, 60_000);

  const row = (page: Page, name: string) =>
    page
      .getByRole("region", { name: "Servers", exact: true })
      .getByRole("row", { name: new RegExp(`^${name} `) });
  const call = (page: Page, text: RegExp) =>
    page.getByRole("region", { name: "Recent calls, newest first" }).getByRole("row", { name: text });
  const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

  async function opened(options: Parameters<typeof serveGateway>[0] = {}, hash = "") {
    let served: ServedGateway | undefined;
    const serve = async (): Promise<ServedGateway> => (served = await serveGateway(options));
    const refusals = options.keys !== undefined;
    const { page, url } = await openPage(browser, { serve, hash, refusals });
    if (served === undefined) throw new Error("Nothing is served.");
    return { page, url, served };
  }

  test("[GTW-90] shows every server with its state and why, and follows calls and failures by itself", async () => {
    const { page, served } = await opened({ name: "Site gateway" });
    await expect
      .poll(() => row(page, "clock").textContent(), patient)
      .toMatch(/^clockready\d+ s200–0Swagger UI$/);
    expect(await row(page, "away").textContent()).toMatch(/awayunreachable: Cannot reach 127\.0\.0\.1:9/);
    await expect
      .poll(() => page.getByRole("banner").textContent(), patient)
      .toContain("2 of 3 servers ready");
    expect(await page.title()).toBe("Site gateway · MCP gateway");
    expect(await page.getByText("No call has been made yet.").isVisible()).toBe(true);

    await served.gateway.call({ server: "clock", tool: "now", args: { zone: "UTC" } });
    await served.gateway.call({ server: "clock", tool: "sorry" });
    await call(page, /clock now anonymous ok/).waitFor();
    await call(page, /clock sorry anonymous error · E_TOOL_FAILED/).waitFor();
    await expect
      .poll(() => row(page, "clock").textContent(), patient)
      .toMatch(/^clockready\d+ s221[\d.]+ ms \/ [\d.]+ ms0Swagger UI$/);

    await page.getByRole("link", { name: "clock", exact: true }).focus();
    await served.stopClock();
    await served.gateway.call({ server: "clock", tool: "now", args: { zone: "UTC" } }).catch(() => undefined);
    await expect.poll(() => row(page, "clock").textContent(), patient).toMatch(/^clockunreachable: /);
    await expect.poll(() => page.locator("#notice").textContent(), patient).toMatch(/clock is unreachable/);
    await call(page, /clock now anonymous unreachable · E_MCP_UNREACHABLE: /).waitFor();
    // The table changed where it stands: who goes by keyboard is where they were.
    expect(await page.evaluate("document.activeElement.textContent")).toBe("clock");
  });

  test("[GTW-90] leads to each server's Swagger UI and document, by links that work", async () => {
    const { page, url } = await opened();
    const link = row(page, "clock").getByRole("link", { name: "Swagger UI of clock" });
    expect(await link.getAttribute("href")).toBe("clock/docs");
    await page.getByRole("link", { name: "clock", exact: true }).click();
    const facts = page.locator(".facts");
    await expect.poll(() => facts.textContent(), patient).toContain("Transporthttp");
    await page.getByText(`MCP: ${url}servers/clock/mcp`).waitFor();
    const document = await page.request.get(`${url}clock/openapi.json`);
    expect(await page.locator(".links").getByRole("link", { name: "OpenAPI" }).getAttribute("href")).toBe(
      "clock/openapi.json",
    );
    expect(document.status()).toBe(200);
  });

  test("[GTW-91] tries a tool with a form of its schema, and the call is shown at once", async () => {
    const { page } = await opened({}, "#/servers/clock");
    await page.getByRole("link", { name: /^now/ }).click();
    await press(page, "Call tool");
    await page.getByText("zone is required.").waitFor();
    await page.getByRole("combobox", { name: "zone" }).selectOption("UTC");
    expect(await page.getByRole("textbox", { name: "hours" }).inputValue()).toBe("24");
    await page.getByRole("textbox", { name: "hours" }).fill("12");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator(".try .status").textContent(), patient).toMatch(/^Answered in \d/);
    expect(await page.locator(".result pre").textContent()).toBe(`It is noon in UTC (12 h). ${attack}`);
    await page.getByRole("link", { name: /^sorry/ }).click();
    await press(page, "Call tool");
    await expect
      .poll(() => page.locator(".try .status").textContent(), patient)
      .toMatch(/^The tool failed after/);
    await page.getByRole("link", { name: /^Servers/ }).click();
    await call(page, /clock sorry anonymous error/).waitFor();
    await page.getByRole("link", { name: "spare", exact: true }).click();
    await page.getByRole("link", { name: /^now/ }).waitFor();
  });

  test("[GTW-92] what servers say is text, and nothing is asked of another origin", async () => {
    const { page, served } = await opened({ name: `N ${attack}` }, "#/servers/clock/now");
    await served.gateway.call({ server: "clock", tool: "sorry" });
    const described = page.locator(".description");
    await expect.poll(() => described.textContent(), patient).toContain(attack);
    await page.getByRole("combobox", { name: "zone" }).selectOption("UTC");
    await press(page, "Call tool");
    await page.locator(".result").waitFor();
    await page.evaluate("location.hash = '#/servers/clock'");
    await expect.poll(() => page.locator(".facts").textContent(), patient).toContain("onerror=");
    await page.evaluate(`location.hash = "#/servers/${encodeURIComponent(attack)}/x"`);
    await page.getByText("There is no tool x now.").waitFor();
    await page.evaluate("location.hash = '#/'");
    await row(page, "clock").waitFor();
    expect(await page.title()).toContain("· MCP gateway");
    expect(await page.locator("body img, body script:not([src])").count()).toBe(0);
  });

  test("[GTW-93] asks for a key where there is one, and shows a limited key what is its own", async () => {
    const keys = [
      { name: "admin", key: "whole-key", servers: [], tools: [] },
      { name: "kiosk", key: "small-key", servers: ["clock"], tools: ["clock.now"] },
    ];
    const { page, served } = await opened({ keys });
    const sign = async (key: string): Promise<void> => {
      await page.getByLabel("Key of this gateway").fill(key);
      await press(page, "Use key");
    };
    await page.getByText("This gateway asks for a key.").waitFor();
    expect(await page.getByRole("row").count()).toBeLessThanOrEqual(2);
    await sign("wrong-key");
    await page.getByText("The gateway does not know this key; try another.").waitFor();
    await served.gateway.call({ server: "clock", tool: "now", args: { zone: "UTC" } });
    await sign("small-key");
    await expect.poll(() => row(page, "clock").textContent(), patient).toMatch(/^clockready\d+ s1/);
    expect(await row(page, "away").count()).toBe(0);
    expect(await call(page, /anonymous/).count()).toBe(0);
    await page.getByRole("link", { name: "clock", exact: true }).click();
    await page.getByRole("link", { name: /^now/ }).waitFor();
    expect(await page.getByRole("link", { name: /^sorry/ }).count()).toBe(0);
    await press(page, "Forget key");
    await page.getByText("This gateway asks for a key.").waitFor();
    await sign("whole-key");
    await page.getByRole("link", { name: /^Servers/ }).click();
    await row(page, "away").waitFor();
    await call(page, /clock now anonymous ok/).waitFor();
    expect(await page.content()).not.toContain("whole-key");
  });

  test("[GTW-94] is used by keyboard, names its parts, and has two schemes", async () => {
    const { page } = await opened();
    await row(page, "clock").waitFor();
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.id")).toBe("skip");
    await page.getByRole("link", { name: "clock", exact: true }).focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate("document.activeElement.tagName"), patient).toBe("H2");
    await page.getByRole("link", { name: /^now/ }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("time");
    await page.keyboard.press("Enter");
    await page.getByRole("form", { name: "Call tool" }).waitFor();
    const unnamed = await page.evaluate(
      "[...document.querySelectorAll('input, select, textarea')].filter((each) => !each.labels?.length).length",
    );
    expect(unnamed).toBe(0);
    const paper = () => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    await press(page, "Theme: auto");
    const dark = await paper();
    await press(page, "Theme: dark");
    expect(await paper()).not.toBe(dark);
    await page.setViewportSize({ width: 360, height: 640 });
    const width = await page.evaluate<number>("document.documentElement.scrollWidth");
    expect(width).toBeLessThanOrEqual(360);
  });
});
