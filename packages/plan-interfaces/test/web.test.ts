import { openWebInterface } from "@parley/plan-interfaces/web";
import type { WebInterface } from "@parley/plan-interfaces/web";
import { findBrowser, openBrowser, visit } from "@parley/testing/browser";
import type { TestBrowser } from "@parley/testing/browser";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { plan, question, tellBeginning, tellEnd } from "./_plan.ts";

const patient = { timeout: 30_000 };
const token = "k".repeat(43);
const program = await findBrowser();

async function opened(): Promise<WebInterface> {
  const shown = await openWebInterface({ token });
  onTestFinished(() => shown.close());
  return shown;
}

const post = (shown: WebInterface, body: unknown, headers: Record<string, string>): Promise<Response> =>
  fetch(new URL("/-/answers", shown.url), {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

const withToken = { authorization: `Bearer ${token}` };

test("[PLI-05] the page is open, and what it shows and takes is not, without the token", async () => {
  const shown = await opened();
  expect(shown.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=k+$/);
  const page = await fetch(new URL("/", shown.url));
  expect([page.status, page.headers.get("content-security-policy")]).toEqual([
    200,
    expect.stringContaining("default-src 'none'"),
  ]);
  expect(await page.text()).not.toContain(token);
  expect((await fetch(new URL("/-/run", shown.url))).status).toBe(401);
  const asked = shown.ask(question, { signal: new AbortController().signal });
  expect((await post(shown, { id: question.id, answer: "yes" }, {})).status).toBe(401);
  expect(
    (await post(shown, { id: question.id, answer: "yes" }, { ...withToken, origin: "http://evil.example" }))
      .status,
  ).toBe(403);
  expect((await post(shown, { id: question.id }, withToken)).status).toBe(400);
  expect((await post(shown, { id: "other", answer: "yes" }, withToken)).status).toBe(404);
  expect((await post(shown, { id: question.id, answer: "yes" }, withToken)).status).toBe(204);
  expect(await asked).toBe("yes");
});

test("[PLI-05] closing ends the streams with the last state, and the open questions", async () => {
  const shown = await openWebInterface({ token });
  tellBeginning(shown);
  const stream = await fetch(new URL("/-/run", shown.url), { headers: withToken });
  const asked = shown.ask(question, { signal: new AbortController().signal });
  const refused = asked.catch((error: unknown) => error);
  tellEnd(shown);
  const text = stream.text();
  await shown.close();
  await shown.close();
  expect(await refused).toMatchObject({ code: "E_INTERRUPTED" });
  const last = (await text).trim().split("\n\n").slice(-2);
  expect(last[0]).toContain('"status":"failure"');
  expect(last[1]).toBe("event: end\ndata: {}");
});

const why = program === undefined ? " (skipped: no chromium on PATH)" : "";
describe.skipIf(program === undefined)(`in Chromium${why}`, { timeout: 120_000 }, () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await openBrowser(program ?? "");
  });
  afterAll(() => browser.close());

  test("[PLI-06] draws the plan, follows its steps, and shows each with what it was given and gave", async () => {
    const shown = await opened();
    const page = await visit(browser, shown.url);
    tellBeginning(shown);
    const node = (name: string) => page.locator(`.plan-graph .node[aria-label^="${name}:"]`);
    await expect.poll(() => node("build").getAttribute("aria-label"), patient).toBe("build: done");
    expect(await node("check").getAttribute("class")).toContain("busy");
    expect(await page.locator(".plan-graph .edge").count()).toBe(6);
    expect(page.url()).not.toContain(token);
    await node("build").click();
    const step = page.getByRole("region", { name: "Step", exact: true });
    await step.getByRole("heading", { name: "build" }).waitFor();
    expect(await step.innerText()).toContain("a.out");
    expect(await step.innerText()).toContain("onerror=");
    expect(await page.locator("main img").count()).toBe(0);
    expect(await page.getByRole("region", { name: "Log" }).innerText()).toContain("check: the model is slow");
    tellEnd(shown);
    await expect.poll(() => page.locator("#health").innerText(), patient).toBe("failed");
    expect(await page.locator("#notice").innerText()).toContain("no such host");
    const rows = page.getByRole("region", { name: "Steps" }).getByRole("row");
    expect(await rows.last().innerText()).toContain("failed");
    await shown.close();
    expect(await page.title()).toBe(`${plan.name}: failed`);
  });

  test("[PLI-07] puts a question, and sends the answer a person gives", async () => {
    const shown = await opened();
    tellBeginning(shown);
    const page = await visit(browser, shown.url);
    const first = shown.ask(question, { signal: new AbortController().signal });
    await page.getByRole("form", { name: "Question of check" }).waitFor();
    expect(await page.title()).toMatch(/^\? release: waits for an answer/);
    await page.getByRole("button", { name: "yes", exact: true }).click();
    expect(await first).toBe("yes");
    await expect.poll(() => page.locator(".question").count(), patient).toBe(0);
    const free = { id: "check.ask", runId: "run-1", step: "check", text: "Which host?" };
    const second = shown.ask(free, { signal: new AbortController().signal });
    await page.getByRole("textbox", { name: "Answer" }).fill("host one");
    await page.getByRole("button", { name: "Answer", exact: true }).click();
    expect(await second).toBe("host one");
  });

  test("[PLI-07] a browser that comes later, or comes back, sees the run as it is", async () => {
    const shown = await opened();
    tellBeginning(shown);
    tellEnd(shown);
    const page = await visit(browser, shown.url);
    await expect.poll(() => page.locator("#health").innerText(), patient).toBe("failed");
    await page.reload();
    await expect.poll(() => page.locator("#health").innerText(), patient).toBe("failed");
    expect(await page.locator("#log li").count()).toBe(1);
  });
});
