import type { ToolResult } from "@parley/tool-registry";
import { expect, test } from "vitest";
import { entry, start, text, tool, upstream } from "./_gateway.ts";

const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const image = { type: "image", data: pixel, mimeType: "image/png" };
const link = { type: "resource_link", uri: "note://1", name: "n" };
const embedded = { type: "resource", resource: { uri: "note://1", mimeType: "text/plain", text: "t" } };

const results: Readonly<Record<string, ToolResult>> = {
  plain: text("hello"),
  number: text("82"),
  large: text('{"id": 12345678901234567890, "f": 1.0}'),
  several: {
    content: [
      { type: "text", text: "a" },
      { type: "text", text: "[1]" },
    ],
  },
  none: { content: [] },
  image: { content: [image] },
  sound: { content: [{ type: "audio", data: "AAAA", mimeType: "audio/wav" }] },
  link: { content: [link] },
  embedded: { content: [embedded] },
  mixed: { content: [{ type: "text", text: "see" }, image, link] },
  structured: { content: [{ type: "text", text: "ignored" }], structuredContent: { a: [1] } },
  both: { content: [{ type: "text", text: "ignored" }, image], structuredContent: { a: 1 } },
  declared: { content: [image], structuredContent: { a: 1 } },
};

async function started() {
  const { registry, url } = await upstream();
  for (const [name, result] of Object.entries(results)) {
    registry.addTool(tool(name, result, name === "declared" ? { outputSchema: { type: "object" } } : {}));
  }
  return await start({ servers: [entry("up", { type: "http", url })] });
}

test("[GTW-22] results come in mcpo's form, with nothing lost", async () => {
  const { post } = await started();
  const picture = `data:image/png;base64,${pixel}`;
  const expected: Readonly<Record<string, string>> = {
    plain: '"hello"',
    number: "82",
    large: '{"id": 12345678901234567890, "f": 1.0}',
    several: '["a",[1]]',
    none: "[]",
    image: JSON.stringify(picture),
    sound: '"data:audio/wav;base64,AAAA"',
    link: JSON.stringify(link),
    embedded: JSON.stringify(embedded),
    mixed: JSON.stringify(["see", picture, link]),
    structured: '{"a":[1]}',
    both: JSON.stringify([{ a: 1 }, picture]),
    declared: '{"a":1}',
  };
  for (const [name, body] of Object.entries(expected)) {
    const answer = await post(`/up/${name}`, {});
    expect([name, answer.status, answer.json]).toEqual([name, 200, JSON.parse(body)]);
    if (name === "large") expect(answer.text).toBe(body);
    expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
  }
});

test("[GTW-22] whoever asks gets the whole result, or a picture or text as itself", async () => {
  const { post } = await started();
  const whole = await post("/up/both", {}, { accept: "application/vnd.mcp.tool-result+json" });
  expect(whole.json).toMatchObject(results["both"] ?? {});
  const picture = await post("/up/image", {}, { accept: "image/*, application/json;q=0.5" });
  expect(picture.headers.get("content-type")).toBe("image/png");
  expect(picture.text.slice(1, 4)).toBe("PNG");
  const words = await post("/up/number", {}, { accept: "text/plain" });
  expect([words.headers.get("content-type"), words.text]).toEqual(["text/plain; charset=utf-8", "82"]);
  const both = await post("/up/image", {}, { accept: "application/json, image/png;q=0.1" });
  expect(both.headers.get("content-type")).toContain("application/json");
});

test("a stranger's media type does not reach a header unless it is one", async () => {
  const { registry, url } = await upstream();
  registry.addTool(tool("t", { content: [{ type: "image", data: "AAAA", mimeType: "image/png\r\nx: y" }] }));
  const { post } = await start({ servers: [entry("up", { type: "http", url })] });
  const answer = await post("/up/t", {}, { accept: "application/octet-stream" });
  expect(answer.headers.get("content-type")).toBe("application/octet-stream");
  expect(answer.headers.get("x")).toBeNull();
});
