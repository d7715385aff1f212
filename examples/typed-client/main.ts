// Makes TypeScript types of the gateway's documents, and compiles programs that use them: right ones and a wrong one.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGateway } from "@parley/gateway";
import { createServer } from "@parley/server";
import { createRegistry, defineTool } from "@parley/tool-registry";
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";
import { z } from "zod";

const registry = createRegistry();
registry.addTool(
  defineTool({
    name: "convert",
    description: "Converts a length.",
    input: z.object({
      value: z.number().describe("How much"),
      unit: z.enum(["m", "ft"]).describe("Of what"),
      places: z.number().int().optional().describe("Places after the point"),
    }),
    output: z.object({ value: z.number(), unit: z.string() }),
    handler: async ({ value, unit }) =>
      unit === "m" ? { value: value / 0.3048, unit: "ft" } : { value: value * 0.3048, unit: "m" },
  }),
);

/** A client for one route, and a use of it; the types come from the document. */
const program = (types: string, path: string, use: string): string => `
import type { paths } from "./${types}.ts";
type Route = paths[${JSON.stringify(path)}]["post"];
type Arguments = NonNullable<Route["requestBody"]>["content"]["application/json"];
type Answer = Route["responses"][200]["content"]["application/json"];
declare const post: (url: string, body: string) => Promise<string>;
export async function call(url: string, args: Arguments): Promise<Answer> {
  return JSON.parse(await post(url, JSON.stringify(args)));
}
export const use = async (url: string): Promise<string> => ${use};
`;

const right = '`${(await call(url, { value: 1, unit: "m" })).value.toFixed(2)} ft`';
const wrong = '`${(await call(url, { value: "one", unit: "mile" })).size}`';

/** What the compiler says of programs, by the name of each. */
function problemsOf(folder: string, programs: readonly string[]): (name: string) => readonly string[] {
  const files = programs.map((name) => join(folder, `${name}.ts`));
  const compiled = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2022.d.ts"],
    types: [],
  });
  const found = ts.getPreEmitDiagnostics(compiled);
  return (name) =>
    found
      .filter(({ file }) => file?.fileName.endsWith(`/${name}.ts`))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

const server = createServer({ name: "units", version: "1", registry, openApi: false });
const { url: upstream } = await server.listen({ port: 0 });
const gateway = createGateway({
  servers: [
    {
      name: "units",
      enabled: true,
      connection: { kind: "http", url: `${upstream}/mcp`, headers: {} },
      tools: { allow: [], deny: [], changes: {} },
    },
  ],
  groups: [{ name: "lab", servers: ["units"], tools: [] }],
});
const folder = await mkdtemp(join(tmpdir(), "parley-typed-client-"));
try {
  const { url } = await gateway.listen({ port: 0 });
  await gateway.settled;
  const documents = {
    all: ["/openapi.json", "/units/convert"],
    units: ["/units/openapi.json", "/convert"],
    lab: ["/lab/openapi.json", "/units/convert"],
  } as const;
  for (const [name, [address, path]] of Object.entries(documents)) {
    const document = await (await fetch(`${url}${address}`)).text();
    await writeFile(join(folder, `${name}.ts`), astToString(await openapiTS(document)));
    await writeFile(join(folder, `${name}-right.ts`), program(name, path, right));
    await writeFile(join(folder, `${name}-wrong.ts`), program(name, path, wrong));
  }
  const names = Object.keys(documents);
  const problems = problemsOf(
    folder,
    names.flatMap((name) => [name, `${name}-right`, `${name}-wrong`]),
  );
  for (const name of names) {
    assert.deepEqual([...problems(name), ...problems(`${name}-right`)], []);
    const refused = problems(`${name}-wrong`);
    assert.equal(refused.length, 3, refused.join("\n"));
    console.log(`The client of "${name}" compiles, and a wrong call does not:`);
    for (const problem of refused) console.log(`  ${problem}`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
  await gateway.close();
  await server.close();
}
