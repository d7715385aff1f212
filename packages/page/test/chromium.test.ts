import { createServer } from "node:http";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { findBrowser } from "@parley/testing/browser";
import type { TestBrowser } from "@parley/testing/browser";
import { openBrowser, openPage } from "./_browser.ts";
import { attack } from "./_served.ts";

const chromium = await findBrowser();
const why = chromium === undefined ? " (skipped: no chromium on PATH)" : "";

describe.skipIf(chromium === undefined)(`page in Chromium${why}`, { timeout: 40_000 }, () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await openBrowser(chromium ?? "");
  }, 60_000);

  const field = (page: Page, name: string) => page.getByRole("textbox", { name, exact: true });
  const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
  const status = (page: Page) => page.locator(".try .status");
  const answer = (page: Page) => page.locator(".result");

  test("[PAGE-02] lists what there is and searches names, texts and tags", async () => {
    const { page } = await openPage(browser);
    const items = page.locator("#list li");
    await expect.poll(() => items.count()).toBe(9);
    await page.getByPlaceholder("Search").fill("seats idempotent");
    expect(await items.allTextContents()).toEqual([
      "bookBooks seats for an evening and says what was booked.",
    ]);
    await page.getByPlaceholder("Search").fill("nowhere");
    await page.getByText("No tools match.").waitFor();
    await page.getByPlaceholder("Search").fill("");
    for (const [section, count] of [
      ["Prompts", 1],
      ["Resources", 4],
      ["Events", 2],
    ] as const) {
      await page.getByRole("link", { name: `${section} ${count}` }).click();
      await expect.poll(() => items.count()).toBe(count);
    }
    expect(await page.title()).toBe("example · MCP server");
  });

  test("[PAGE-03] calls a tool with nested arguments", async () => {
    const { page } = await openPage(browser, { hash: "#/tools/book" });
    await field(page, "who").fill("Ada");
    expect(await field(page, "seats").inputValue()).toBe("2");
    await field(page, "seats").fill("3");
    await page.getByRole("combobox", { name: "place" }).selectOption("balcony");
    await field(page, "mail").fill("ada@example.org");
    for (const [number, value] of [
      [1, "12"],
      [2, "34"],
      [3, "56"],
    ] as const) {
      await press(page, "Add phones");
      await field(page, `phones ${number}`).fill(value);
    }
    await press(page, "Remove phones 2");
    await page.getByRole("combobox", { name: "quiet" }).selectOption("true");
    await field(page, "note").fill('["aisle"]');
    await press(page, "Call tool");
    await expect.poll(() => status(page).textContent()).toMatch(/^Answered in \d/);
    const said: unknown = JSON.parse((await answer(page).locator("pre").textContent()) ?? "");
    expect(said).toEqual({
      who: "Ada",
      seats: 3,
      place: "balcony",
      contact: { mail: "ada@example.org", phones: ["12", "56"] },
      quiet: true,
      note: ["aisle"],
    });
    await press(page, "Edit as JSON");
    const whole: unknown = JSON.parse(await field(page, "Arguments").inputValue());
    expect(whole).toEqual(said);
  });

  test("[PAGE-04] says at each field what is missing or wrong, and sends nothing", async () => {
    const { page } = await openPage(browser, { hash: "#/tools/book" });
    await field(page, "who").fill("A");
    await field(page, "seats").fill("2.5");
    await field(page, "note").fill("{");
    const sent: string[] = [];
    page.on("request", (request) => {
      if (request.postData()?.includes("tools/call") === true) sent.push(request.url());
    });
    await press(page, "Call tool");
    const faults = await page.locator(".fault:not(:empty)").allTextContents();
    expect(faults.slice(0, 3)).toEqual([
      "Write at least 2 characters.",
      "Write a whole number.",
      "mail is required.",
    ]);
    expect(faults[3]).toMatch(/^This is no JSON: /);
    expect(await page.evaluate("document.activeElement.getAttribute('aria-invalid')")).toBe("true");
    await field(page, "seats").fill("9");
    await press(page, "Call tool");
    await page.getByText("Write a number of at most 8.").waitFor();
    expect(sent).toEqual([]);
  });

  test("[PAGE-05] shows that a tool failed", async () => {
    const { page } = await openPage(browser, { hash: "#/tools/fail" });
    await press(page, "Call tool");
    await expect.poll(() => status(page).textContent()).toMatch(/^The tool failed after/);
    expect(await answer(page).textContent()).toContain("The house is closed tonight.");
  });

  test("[PAGE-06] shows progress and cancels", async () => {
    const { page } = await openPage(browser, { hash: "#/tools/count" });
    await press(page, "Call tool");
    await page.getByText("Counting · 2 of 5").waitFor();
    expect(await page.getByRole("progressbar").getAttribute("value")).toBe("2");
    await press(page, "Cancel");
    await expect.poll(() => status(page).textContent()).toMatch(/^Cancelled after/);
    await page.getByRole("link", { name: "Activity" }).click();
    await page.getByRole("row", { name: /tool count anonymous cancelled/ }).waitFor();
  });

  test("[PAGE-07] puts a question of a tool and goes on with the answer", async () => {
    const { page } = await openPage(browser, { hash: "#/tools/ask" });
    await press(page, "Call tool");
    await page.getByText("Which colour?").waitFor();
    await press(page, "Answer");
    await page.getByText("colour is required.").waitFor();
    await page.getByRole("combobox", { name: "colour" }).selectOption("blue");
    await page.getByRole("combobox", { name: "sure" }).selectOption("true");
    await press(page, "Answer");
    await answer(page).getByText("You chose blue.", { exact: true }).waitFor();
    await press(page, "Call tool");
    await press(page, "Decline");
    await answer(page).getByText("You said decline.", { exact: true }).waitFor();
    await press(page, "Call tool");
    await page.getByText("Which colour?").waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => status(page).textContent()).toMatch(/^Cancelled after/);
    expect(await page.getByText("Which colour?").count()).toBe(0);
  });

  test("[PAGE-08] gets prompts, reads resources and templates", async () => {
    const { page } = await openPage(browser, { hash: "#/prompts/praise" });
    await field(page, "who").fill("Grace");
    await press(page, "Get prompt");
    await answer(page).getByText("Praise Grace in one sentence.", { exact: true }).waitFor();
    await page.getByRole("link", { name: "Resources" }).click();
    await page.getByRole("link", { name: /^today/ }).click();
    await press(page, "Read resource");
    await answer(page).getByText("rain: true").first().waitFor();
    await page.getByRole("link", { name: /^day/ }).click();
    await field(page, "day").fill("1 May/é");
    await press(page, "Read resource");
    await answer(page).getByText("notes://days/1%20May%2F%C3%A9").first().waitFor();
    expect(await answer(page).locator("pre").textContent()).toContain("Nothing happens on");
  });

  test("[PAGE-09] subscribes to events, shows them, and ends the subscription on leaving", async () => {
    const { page, url } = await openPage(browser, { hash: "#/events/timer" });
    await field(page, "every_seconds").fill("0.2");
    await press(page, "Subscribe");
    await page.getByText("tick: 1", { exact: true }).waitFor();
    await page.getByText("tick: 12", { exact: true }).waitFor();
    const id = /sub_\w+/.exec((await status(page).textContent()) ?? "")?.[0];
    const ended = page.waitForRequest((request) => request.postData()?.includes('"unsubscribe"') === true);
    await page.getByRole("link", { name: "Tools" }).click();
    expect((await ended).postData()).toContain(id);
    await expect.poll(async () => (await fetch(`${url}page/calls`)).text()).toContain("unsubscribe");
    expect(await (await fetch(`${url}page/calls`)).text()).not.toContain(id);
  });

  test("[PAGE-10] asks for the token, keeps it for the tab, and forgets it", async () => {
    const { page, url } = await openPage(browser, { token: "right-token" });
    const dialog = page.getByRole("dialog", { name: "Token" });
    await dialog.getByText("This server asks for a token.").waitFor();
    await page.getByLabel("Bearer token").fill("wrong-token");
    await page.keyboard.press("Enter");
    await dialog.getByText("The server does not know this token; try another.").waitFor();
    await page.getByLabel("Bearer token").fill("right-token");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: /^book/ }).waitFor();
    await page.reload();
    await page.getByRole("link", { name: /^book/ }).waitFor();
    expect(await page.evaluate("JSON.stringify(localStorage) + document.cookie")).not.toContain(
      "right-token",
    );
    const other = await browser.context.newPage();
    onTestFinished(() => other.close());
    await other.goto(url);
    await other.getByRole("dialog", { name: "Token" }).waitFor();
    await press(page, "Forget token");
    await dialog.getByText("This server asks for a token.").waitFor();
    expect(await page.locator("#list li").count()).toBe(0);
    expect(await page.evaluate("sessionStorage.length")).toBe(0);
  });

  test("[PAGE-11] works with the keyboard alone", async () => {
    const { page } = await openPage(browser);
    await page.getByRole("link", { name: /^book/ }).waitFor();
    const { keyboard } = page;
    await keyboard.press("/");
    await keyboard.type("count");
    await keyboard.press("Enter");
    await expect.poll(() => page.evaluate("document.activeElement.textContent")).toBe("count");
    await keyboard.press("Tab");
    const outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
    expect(outline).toBe("solid");
    await keyboard.press("Enter");
    await page.getByText("Counting · 2 of 5").waitFor();
    await keyboard.press("Escape");
    await expect.poll(() => status(page).textContent()).toMatch(/^Cancelled after/);
    await keyboard.press("/");
    await keyboard.press("Escape");
    await keyboard.press("ArrowDown");
    await keyboard.press("ArrowDown");
    await keyboard.press("Enter");
    await expect.poll(() => page.evaluate("document.activeElement.textContent")).toBe("Book seats");
    await keyboard.press("Tab");
    await keyboard.type("Ada");
    expect(await field(page, "who").inputValue()).toBe("Ada");
    await keyboard.press("Enter");
    await page.getByText("mail is required.").waitFor();
    await keyboard.type("a@b");
    await keyboard.press("Enter");
    await expect.poll(() => status(page).textContent()).toMatch(/^Answered in/);
  });

  test("[PAGE-12] is dark or light as the system says, or the button", async () => {
    const { page } = await openPage(browser);
    const paper = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    await page.emulateMedia({ colorScheme: "light" });
    const light = await paper();
    await page.emulateMedia({ colorScheme: "dark" });
    const dark = await paper();
    expect(dark).not.toBe(light);
    await press(page, "Theme: auto");
    await press(page, "Theme: dark");
    expect(await paper()).toBe(light);
    await page.reload();
    await page.getByRole("button", { name: "Theme: light" }).waitFor();
    expect(await paper()).toBe(light);
    await press(page, "Theme: light");
  });

  test("[PAGE-13] shows markup as text", async () => {
    const { page } = await openPage(browser, { hash: "#/tools/evil" });
    await page.getByRole("heading", { name: `Evil ${attack}` }).waitFor();
    await press(page, "Call tool");
    await answer(page).getByText(`Result ${attack}`, { exact: true }).first().waitFor();
    await page.goto(`${page.url().split("#")[0]}#/tools/${encodeURIComponent(attack)}`);
    await page.getByText("There is no tool").waitFor();
    expect(await page.locator("img, main script, [onerror]").count()).toBe(0);
    expect(await page.title()).toBe("example · MCP server");
  });

  test("[PAGE-14] works behind a path prefix", async () => {
    const proxy = createServer((request, response) => {
      const target = new URL((request.url ?? "").replace(/^\/deep\/er\//, "/"), upstream);
      const headers = { ...(request.headers as Record<string, string>) }; // none of those a browser sends is a list
      delete headers["connection"];
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      const pass = async () => {
        if (!(request.url ?? "").startsWith("/deep/er/")) return response.writeHead(404).end();
        const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
        const answer = await fetch(target, { method: request.method ?? "GET", headers, ...body });
        const type = answer.headers.get("content-type") ?? "text/plain";
        return response.writeHead(answer.status, { "content-type": type }).end(await answer.text());
      };
      request.on("end", () => void pass());
    });
    let upstream = "";
    await new Promise<void>((resolve) => void proxy.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void proxy.close());
    const address = proxy.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const url = (served: string) => {
      upstream = served;
      return `http://127.0.0.1:${port}/deep/er/`;
    };
    const { page } = await openPage(browser, { url, hash: "#/prompts/praise" });
    await field(page, "who").fill("Ada");
    await press(page, "Get prompt");
    await answer(page).getByText("Praise Ada in one sentence.", { exact: true }).waitFor();
    await page.getByRole("link", { name: "Activity" }).click();
    const row = page.getByRole("row", { name: /prompt praise anonymous ok/ });
    await expect.poll(() => row.count()).toBe(1);
  });

  test("[PAGE-16] copies a call for curl and as JSON, without the token", async () => {
    const { page, url } = await openPage(browser, { hash: "#/prompts/praise", token: "right-token" });
    await page.getByLabel("Bearer token").fill("right-token");
    await page.keyboard.press("Enter");
    await field(page, "who").fill("l'Ada");
    await press(page, "Copy as curl");
    await page.getByText("Copied as curl.").waitFor();
    const curl = String(await page.evaluate("navigator.clipboard.readText()"));
    expect(curl).toContain(`curl -sS '${url}mcp'`);
    expect(curl).toContain(`l'\\''Ada`);
    expect(curl).toContain("Bearer $MCPSERVER_TOKEN");
    expect(curl).not.toContain("right-token");
    await press(page, "Copy as MCP JSON");
    await page.getByText("Copied as MCP JSON.").waitFor();
    const json: unknown = JSON.parse(String(await page.evaluate("navigator.clipboard.readText()")));
    expect(json).toMatchObject({
      method: "prompts/get",
      params: { name: "praise", arguments: { who: "l'Ada" } },
    });
  });

  test("[PAGE-17] needs no scrolling sideways on a narrow window", async () => {
    const { page } = await openPage(browser, { hash: "#/tools/evil" });
    await press(page, "Call tool");
    await answer(page).waitFor();
    // 1280 pixels at 400 % and 1200 at 200 %.
    for (const width of [320, 600]) {
      await page.setViewportSize({ width, height: 700 });
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    }
  });

  test("[PAGE-19] shows images and links, and no type that is none", async () => {
    const { page } = await openPage(browser, { hash: "#/tools/media" });
    await press(page, "Call tool");
    await answer(page).locator("img").waitFor();
    expect(await page.evaluate("document.querySelector('.result img').naturalWidth")).toBe(1);
    await page.getByText('This image has the type "text/html" and is not shown.').waitFor();
    await answer(page).getByRole("link", { name: "today" }).click();
    await page.getByRole("heading", { name: "today" }).waitFor();
  });
});
