import { Ajv2020 } from "ajv/dist/2020.js";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createComponents } from "../src/openapi/components.ts";

type Schema = Record<string, unknown>;

const options = { strict: false, validateFormats: false } as const;

/** What a document's reader makes of a schema in it. */
function throughDocument(schema: Schema): (value: unknown) => boolean {
  const components = createComponents();
  const { $ref } = components.add("tool_arguments", schema);
  const ajv = new Ajv2020(options);
  const document = { $id: "doc:/", components: { schemas: components.schemas }, $ref };
  return ajv.compile(document) as (value: unknown) => boolean;
}

function directly(schema: Schema): (value: unknown) => boolean {
  const { $schema, ...body } = schema;
  const old = String($schema).includes("draft-07");
  const ajv = old ? new Ajv(options) : new Ajv2020(options);
  return ajv.compile(body) as (value: unknown) => boolean;
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

describe("[GTW-20] a schema in a document takes what the server's own takes", () => {
  test.each(Object.entries(schemas))("%s", (_title, schema) => {
    const [ours, theirs] = [throughDocument(schema), directly(schema)];
    fc.assert(
      fc.property(
        fc.oneof(near, fc.dictionary(fc.constantFrom("tree", "child", "a", "b", "pair", "e", "v"), near)),
        (value) => {
          expect(ours(value)).toBe(theirs(value));
        },
      ),
      { numRuns: 300 },
    );
  });

  test("and nothing else about it changes", () => {
    const components = createComponents();
    const schema = {
      type: "object",
      description: "d",
      properties: { a: { default: { $ref: "#/x" }, "x-vendor": [1] } },
    };
    components.add("t", schema);
    expect(components.schemas["t"]).toEqual(schema);
  });

  test("a long chain of schemas of one name keeps them apart", () => {
    const components = createComponents();
    const refs = [1, 2, 3].map((n) => components.add("same", { type: "object", title: String(n) }).$ref);
    expect(new Set(refs).size).toBe(3);
    expect(Object.keys(components.schemas)).toHaveLength(3);
  });
});
