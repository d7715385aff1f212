import { readFile } from "node:fs/promises";
import Fastify from "fastify";
import type { FastifyInstance } from "fastify";
import { createPage } from "@parley/page";
import type { PageOptions, SeenCall } from "@parley/page";
import { expect, onTestFinished, test } from "vitest";

const seen: SeenCall = {
  kind: "tool",
  name: "t",
  caller: "ada",
  startedAt: 0,
  durationMs: 1.6,
  outcome: "ok",
};

async function app(
  options: Partial<PageOptions> = {},
): Promise<{ app: FastifyInstance; call: (call: Partial<SeenCall>) => void }> {
  const page = createPage({ readAccess: async () => undefined, ...options });
  const fastify = Fastify();
  await fastify.register((scope) => page.plugin(scope));
  onTestFinished(() => fastify.close());
  return { app: fastify, call: (call) => page.observer.called({ ...seen, ...call }) };
}

async function recent(fastify: FastifyInstance): Promise<Record<string, unknown>[]> {
  return (await fastify.inject("/page/calls")).json<{ calls: Record<string, unknown>[] }>().calls;
}

test("[PAGE-01] is one document with files beside it, under a policy that allows nothing from elsewhere", async () => {
  const { app: fastify } = await app({ mcpPath: '/deep/"mcp"' });
  const answer = await fastify.inject("/");
  expect(answer.headers).toMatchObject({
    "content-type": "text/html; charset=utf-8",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
  });
  const policy = String(answer.headers["content-security-policy"]).split("; ");
  expect(policy).toEqual(
    expect.arrayContaining([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "frame-ancestors 'none'",
    ]),
  );
  expect(answer.body).toContain('content="deep/&quot;mcp&quot;"');
  expect(answer.body).not.toMatch(/<script>|\sstyle=|\son\w+=|https?:\/\//);
  const links = [...answer.body.matchAll(/(?:src|href)="(page\/[^"]+)"/g)].map(([, link]) => link);
  expect(links).toEqual(
    expect.arrayContaining(["page/icon.svg", "page/page.css", "page/app.js", "page/mcp.js"]),
  );
  for (const link of links) {
    const file = await fastify.inject(`/${link}`);
    expect(file.statusCode).toBe(200);
    expect(file.headers["content-security-policy"]).toBeDefined();
  }
});

test("[PAGE-01] is not sent again to a browser that has it", async () => {
  const { app: fastify } = await app();
  for (const url of ["/", "/page/app.js", "/page/page.css"]) {
    const { etag } = (await fastify.inject(url)).headers;
    const again = await fastify.inject({ url, headers: { "if-none-match": `"other", W/${String(etag)}` } });
    expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, "", etag]);
    const changed = await fastify.inject({ url, headers: { "if-none-match": '"other"' } });
    expect(changed.statusCode).toBe(200);
  }
});

test("[PAGE-01] serves its own files and no others", async () => {
  const { app: fastify } = await app();
  for (const name of ["page.html", "..%2fpackage.json", "app.d.ts", "app.js.map", "constructor", "%00"]) {
    expect((await fastify.inject(`/page/${name}`)).statusCode).toBe(404);
  }
});

test("[PAGE-15] keeps the last calls, newest first", async () => {
  const { app: fastify, call } = await app({ keepCalls: 2 });
  expect(await recent(fastify)).toEqual([]);
  for (const name of ["a", "b", "c"]) call({ name });
  expect(await recent(fastify)).toEqual([
    {
      number: 3,
      time: "1970-01-01T00:00:00.000Z",
      kind: "tool",
      name: "c",
      caller: "ada",
      outcome: "ok",
      durationMs: 2,
    },
    expect.objectContaining({ number: 2, name: "b" }),
  ]);
});

test("[PAGE-15] keeps no arguments, no keys in addresses and no long names", async () => {
  const { app: fastify, call } = await app();
  const withArguments = {
    args: { password: "secret-1" },
    name: "x".repeat(10_000),
    outcome: "error",
    code: "E_TOOL_FAILED",
  };
  call(withArguments);
  call({ kind: "resource", name: "https://ada:secret-2@example.org/a?key=secret-3#secret-4" });
  call({ kind: "resource", name: "EVENTS://sub_secret-5" });
  const calls = await recent(fastify);
  expect(JSON.stringify(calls)).not.toContain("secret");
  expect(calls.map(({ name }) => String(name).slice(0, 23))).toEqual([
    "https://example.org/a",
    "x".repeat(23),
  ]);
  expect(JSON.stringify(calls).length).toBeLessThan(1000);
});

test("[PAGE-15] shows the last calls to readers only", async () => {
  const { app: fastify } = await app({
    readAccess: async () => {
      throw Object.assign(new Error("no"), { statusCode: 403 });
    },
  });
  expect((await fastify.inject("/page/calls")).statusCode).toBe(403);
  expect((await fastify.inject("/")).statusCode).toBe(200);
});

/** Relative luminance. Source: WCAG 2.2. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].toSorted((left, right) => right - left);
  return (high + 0.05) / (low + 0.05);
}

test("[PAGE-12] every text has the contrast of level AA in both schemes, every border of a control that of its kind", async () => {
  const css = await readFile(new URL("../assets/page.css", import.meta.url), "utf8");
  const colours = new Map(
    [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(
      ([, name = "", light = "", dark = ""]) => [name, [light, dark] as const],
    ),
  );
  const weakest = (text: string, ground: string): number =>
    Math.min(
      ...[0, 1].map((scheme) =>
        contrast(colours.get(text)?.[scheme] ?? "", colours.get(ground)?.[scheme] ?? ""),
      ),
    );
  for (const ground of ["paper", "panel", "tint"]) {
    for (const text of ["ink", "quiet", "accent", "good", "bad"])
      expect(weakest(text, ground)).toBeGreaterThanOrEqual(4.5);
    expect(weakest("edge", ground)).toBeGreaterThanOrEqual(3);
  }
  expect(weakest("on-accent", "accent")).toBeGreaterThanOrEqual(4.5);
});
