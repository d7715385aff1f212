import { assert, asyncProperty, integer, stringMatching, uniqueArray } from "fast-check";
import { defineTool } from "@parley/tool-registry";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { registryOf, testServer } from "./support.ts";

const named = (name: string) =>
  defineTool({ name, description: "d", input: z.object({}), handler: () => "ok" });

async function page(server: ReturnType<typeof testServer>, query: Record<string, string>) {
  const { statusCode, body } = await server.app.inject({ url: "/tools/list", query });
  const { tools = [], nextCursor, error } = JSON.parse(body);
  return { statusCode, nextCursor, error, names: tools.map(({ name }: { name: string }) => name) };
}

describe("[SRV-08] list routes give pages", () => {
  it("of whole items, in the end all of them once, whatever comes and goes in between", async () => {
    const name = stringMatching(/^[a-z]{1,4}$/);
    const lists = uniqueArray(name, { minLength: 1, maxLength: 12 });
    await assert(
      asyncProperty(lists, lists, integer({ min: 1, max: 5 }), async (kept, extra, limit) => {
        const registry = registryOf(kept.map(named));
        const server = testServer({ registry, openApi: false });
        const seen: string[] = [];
        let cursor: string | undefined;
        let come = true;
        do {
          const query = { limit: String(limit), ...(cursor === undefined ? {} : { cursor }) };
          const got = await page(server, query);
          expect(got.names.length).toBeLessThanOrEqual(limit);
          seen.push(...got.names);
          cursor = got.nextCursor;
          const others = extra.filter((candidate) => !kept.includes(candidate));
          registry.replace("others", { tools: come ? others.map(named) : [] });
          come = !come;
        } while (cursor !== undefined);
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen.filter((one) => kept.includes(one))).toEqual(kept.toSorted());
        await server.close();
      }),
      { numRuns: 40 },
    );
  });

  it("whole without a limit, and refuses what is no cursor of that list", async () => {
    const server = testServer({ registry: registryOf(["a", "b", "c"].map(named)) });
    expect(await page(server, {})).toMatchObject({ names: ["a", "b", "c"], nextCursor: undefined });
    const { nextCursor } = await page(server, { limit: "2" });
    expect(await page(server, { cursor: nextCursor })).toMatchObject({ names: ["c"], nextCursor: undefined });
    for (const cursor of ["x", "", `${nextCursor}x`, Buffer.from('["tools"]').toString("base64url")]) {
      expect(await page(server, { cursor })).toMatchObject({
        statusCode: 400,
        error: { code: "E_ARGUMENT_INVALID" },
      });
    }
    for (const limit of ["0", "1001", "x"]) expect((await page(server, { limit })).statusCode).toBe(400);
    const elsewhere = await server.app.inject({ url: "/prompts/list", query: { cursor: nextCursor } });
    expect(elsewhere.statusCode).toBe(400);
  });

  it("of resources, and of templates after them", async () => {
    const server = testServer();
    const read = async () => [];
    server.registry.addResource({ name: "t", uriTemplate: "a://{x}", read });
    for (const uri of ["z://1", "b://2"]) server.registry.addResource({ name: uri, uri, read });
    const first = (await server.app.inject("/resources/list?limit=2")).json();
    expect(first.resources.map(({ name }: { name: string }) => name)).toEqual(["b://2", "z://1"]);
    const rest = (await server.app.inject(`/resources/list?cursor=${first.nextCursor}`)).json();
    expect(rest).toEqual({ resources: [{ name: "t", uriTemplate: "a://{x}" }] });
  });
});
