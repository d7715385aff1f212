import { definePrompt, defineResource } from "@parley/tool-registry";
import { expect, test } from "vitest";
import { z } from "zod";
import { entry, start, upstream } from "./_gateway.ts";

async function started() {
  const { registry, url } = await upstream();
  registry.addResource(
    defineResource({
      name: "note",
      uri: "note://one/a b",
      mimeType: "text/html",
      description: "n",
      handler: () => "<b>hi</b>",
    }),
  );
  registry.addResource({
    name: "bytes",
    uriTemplate: "bytes://{name}",
    read: async (uri) => [{ uri, mimeType: "image/png", blob: Buffer.from([137, 80]).toString("base64") }],
  });
  registry.addPrompt(
    definePrompt({
      name: "greet",
      description: "Greets.",
      input: z.object({ name: z.string() }),
      handler: ({ name }) => `Hello ${name}`,
    }),
  );
  return await start({ servers: [entry("up", { type: "http", url })] });
}

test("[GTW-23] resources are listed and read, in their own type or as MCP has them", async () => {
  const { get } = await started();
  const listed = await get("/up/resources");
  expect(listed.at("resources")).toMatchObject([{ uri: "note://one/a b", mimeType: "text/html" }]);
  expect(listed.at("resourceTemplates")).toMatchObject([{ uriTemplate: "bytes://{name}" }]);
  const address = `/up/resources/${encodeURIComponent("note://one/a b")}`;
  const page = await get(address);
  expect([page.text, page.headers.get("content-type")]).toEqual(["<b>hi</b>", "text/html"]);
  expect(page.headers.get("content-security-policy")).toContain("sandbox");
  expect(page.headers.get("x-content-type-options")).toBe("nosniff");
  expect((await get(address, { accept: "application/json" })).at("contents", 0, "text")).toBe("<b>hi</b>");
  expect((await get(`/up/resources?uri=${encodeURIComponent("note://one/a b")}`)).text).toBe("<b>hi</b>");
  const bytes = await get("/up/resources/bytes:%2F%2Fx");
  expect([bytes.headers.get("content-type"), bytes.headers.get("content-length")]).toEqual([
    "image/png",
    "2",
  ]);
});

test("[GTW-23] prompts are listed and filled in", async () => {
  const { get, post } = await started();
  expect((await get("/up/prompts")).at("prompts")).toMatchObject([
    { name: "greet", arguments: [{ name: "name" }] },
  ]);
  const filled = await post("/up/prompts/greet", { name: "Ada" });
  expect(filled.at("messages")).toEqual([{ role: "user", content: { type: "text", text: "Hello Ada" } }]);
});

test("[GTW-21 GTW-23] what is not there is 404, and arguments that do not fit are 422", async () => {
  const { get, post } = await started();
  expect((await get("/up/resources/none:%2F%2Fx")).status).toBe(404);
  expect((await post("/up/prompts/none", {})).status).toBe(404);
  expect((await post("/up/prompts/greet", {})).status).toBe(422);
  expect((await post("/up/prompts/greet", { name: 1 })).status).toBe(422);
});
