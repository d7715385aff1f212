import { Ajv2020 } from "ajv/dist/2020.js";
import { Ajv } from "ajv";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { entry, start, text, tool, upstream } from "./_gateway.ts";

type Schema = Record<string, unknown>;
type Check = (value: unknown) => boolean;

const options = { strict: false, validateFormats: false } as const;

/** The tools of a server as its document has them, each as a function that takes or refuses arguments. */
async function throughDocument(tools: Readonly<Record<string, Schema>>): Promise<(name: string) => Check> {
  const { registry, url } = await upstream();
  for (const [name, inputSchema] of Object.entries(tools))
    registry.addTool(tool(name, text(""), { inputSchema }));
  const { get } = await start({ servers: [entry("up", { type: "http", url })] });
  const document = await get("/up/openapi.json");
  const components = document.at("components");
  return (name) => {
    const where = ["paths", `/${name}`, "post", "requestBody", "content", "application/json", "schema"];
    const $ref = document.at(...where, "$ref");
    return new Ajv2020(options).compile({ $id: "doc:/", components, $ref });
  };
}

function directly(schema: Schema): Check {
  const { $schema, ...body } = schema;
  const old = String($schema).includes("draft-07");
  const ajv = old ? new Ajv(options) : new Ajv2020(options);
  return ajv.compile(body);
}

const schemas: Readonly<Record<string, Schema>> = {
  "recursion through $defs": {
    type: "object",
    properties: { tree: { $ref: "#/$defs/node" } },
    required: ["tree"],
    $defs: {
      node: {
        type: "object",
        properties: {
          value: { type: "integer" },
          next: { anyOf: [{ $ref: "#/$defs/node" }, { type: "null" }] },
        },
        required: ["value"],
        additionalProperties: false,
      },
    },
  },
  "recursion to the root": { type: "object", properties: { child: { $ref: "#" }, n: { type: "number" } } },
  "a reference to a property": {
    type: "object",
    properties: { a: { type: "string", minLength: 2 }, b: { $ref: "#/properties/a" } },
  },
  "draft-07 with definitions, a tuple and dependencies": {
    $schema: "http://json-schema.org/draft-07/schema#",
    type: "object",
    properties: {
      pair: {
        type: "array",
        items: [{ type: "string" }, { $ref: "#/definitions/n" }],
        additionalItems: false,
      },
      a: { type: "string" },
    },
    dependencies: { a: ["pair"] },
    definitions: { n: { type: "number", exclusiveMinimum: 0 } },
  },
  "every keyword mcpo loses": {
    type: "object",
    properties: {
      e: { enum: ["x", 1, null] },
      c: { const: { $ref: "#/no" } },
      p: { type: "string", pattern: "^[a-z]+$", format: "date" },
      o: { oneOf: [{ type: "string" }, { type: "integer", multipleOf: 2 }] },
      all: { allOf: [{ minimum: 3 }, { maximum: 5 }] },
      not: { not: { type: "string" } },
    },
    patternProperties: { "^x-": { type: "boolean" } },
    additionalProperties: false,
    minProperties: 1,
  },
  "odd names": {
    type: "object",
    properties: { v: { $ref: "#/$defs/a~1b%20c" }, $ref: { type: "string" } },
    $defs: { "a/b c": { type: "boolean" } },
  },
};

/** Values that come near what the schemas are about. */
const leaf = fc.oneof(
  fc.constantFrom("x", "ab", "2020-01-01", "", 1, 2, 4, 0, -1, 0.5, null, true),
  fc.constant({ $ref: "#/no" }),
);
const near: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        "tree",
        "value",
        "next",
        "child",
        "n",
        "a",
        "b",
        "pair",
        "e",
        "c",
        "p",
        "o",
        "all",
        "not",
        "x-y",
        "v",
        "$ref",
      ),
      tie("value"),
      { maxKeys: 4 },
    ),
  ),
})).value;

const titles = Object.keys(schemas);
const nameOf = (title: string): string => `t${titles.indexOf(title)}`;
const args = fc.oneof(
  near,
  fc.dictionary(fc.constantFrom("tree", "child", "a", "b", "pair", "e", "v"), near, { maxKeys: 4 }),
);

test("[GTW-20] a schema in a document takes what the server's own takes", async () => {
  const named = Object.fromEntries(titles.map((title) => [nameOf(title), schemas[title] ?? {}]));
  const inDocument = await throughDocument(named);
  for (const title of titles) {
    const [ours, theirs] = [inDocument(nameOf(title)), directly(schemas[title] ?? {})];
    fc.assert(
      fc.property(args, (value) => {
        expect([title, ours(value)]).toEqual([title, theirs(value)]);
      }),
      { numRuns: 300 },
    );
  }
});

test("[GTW-20] nothing else about a schema changes, and schemas of one name stay apart", async () => {
  const { registry, url } = await upstream();
  const schema = {
    type: "object",
    description: "d",
    properties: { a: { default: { $ref: "#/x" }, "x-vendor": [1] }, __proto__: { type: "string" } },
  };
  registry.addTool(tool("same", text(""), { inputSchema: schema }));
  registry.addTool(tool("a_same", text(""), { inputSchema: { type: "object", title: "other" } }));
  const servers = [entry("a", { type: "http", url }), entry("a_a", { type: "http", url })];
  const { get } = await start({ servers });
  const document = await get("/openapi.json");
  expect(document.at("components", "schemas", "a_same_arguments")).toEqual(
    JSON.parse(JSON.stringify(schema)),
  );
  const tools = document.keys("paths").filter((path) => !path.startsWith("/-/"));
  const ids = tools.map((path) => String(document.at("paths", path, "post", "operationId")));
  expect(ids.toSorted((left, right) => (left < right ? -1 : 1))).toEqual([
    "a_a_a_same",
    "a_a_same",
    "a_a_same_2",
    "a_same",
  ]);
});

test("[GTW-305] a reference that leads nowhere, out or to itself takes anything and harms no other tool", async () => {
  const { registry, url } = await upstream();
  const property = (x: Schema, more: Schema = {}): Schema => ({ type: "object", properties: { x }, ...more });
  const odd: Readonly<Record<string, Schema>> = {
    nowhere: property({ $ref: "#/$defs/gone", description: "kept" }),
    prototype: property({ $ref: "#/constructor" }),
    out: property({ $ref: "https://schemas.example/s.json" }),
    itself: { type: "object", $ref: "#" },
    circle: property(
      { $ref: "#/$defs/a" },
      { $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } },
    ),
    anchored: property({ $ref: "#here" }, { $defs: { y: { $anchor: "here", type: "integer" } } }),
  };
  for (const [name, inputSchema] of Object.entries(odd))
    registry.addTool(tool(name, text(""), { inputSchema }));
  const { get } = await start({ servers: [entry("up", { type: "http", url })] });
  const document = await get("/openapi.json");
  const components = document.at("components");
  const takes = (name: string, value: unknown): boolean =>
    new Ajv2020(options).compile({
      $id: "doc:/",
      components,
      $ref: `#/components/schemas/up_${name}_arguments`,
    })(value);
  for (const name of ["nowhere", "prototype", "out", "itself", "circle"])
    expect(takes(name, { x: 1 })).toBe(true);
  expect([takes("anchored", { x: 1 }), takes("anchored", { x: "1" })]).toEqual([true, false]);
  expect(JSON.stringify(components)).not.toContain('"$ref":"https');
  const x = ["schemas", "up_nowhere_arguments", "properties", "x"];
  expect(document.at("components", ...x)).toEqual({
    $comment: '"$ref": "#/$defs/gone" leads to nothing in this document',
    description: "kept",
  });
});
