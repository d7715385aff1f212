/** What came of one request. */
export interface Reply {
  readonly status: number;
  readonly text: string;
}

/** One request to both, and how their answers are compared. */
export interface Request {
  readonly says: string;
  /** Default POST. */
  readonly method?: "GET" | "POST" | undefined;
  readonly path: string;
  /** Text goes out as it is. */
  readonly body?: unknown;
  /** Default `right`. */
  readonly key?: "right" | "wrong" | "none" | undefined;
  /** What must be equal (default status and JSON value); text that is no JSON counts as it is. */
  readonly compare?: "status" | "text" | "paths" | undefined;
  /** Why our answer is another. A difference without a reason, and a reason without a difference, is a fault. */
  readonly better?: string | undefined;
}

const call = (says: string, path: string, body: unknown, more: Partial<Request> = {}): Request => ({
  says,
  path: `/parts/${path}`,
  body,
  ...more,
});

const carried = "a kind of content that mcpo drops is carried";
const failure = "a tool that failed is 502 and its message is not wrapped";

export const requests: readonly Request[] = [
  call("text", "echo", { text: "hello" }),
  call("empty text", "echo", { text: "" }),
  call("text of other scripts", "echo", { text: "grüße 你好 🚀" }),
  call("text that is JSON", "echo", { text: '{"a": [1, 2, {"b": null}]}' }),
  call("text that is a number", "echo", { text: "82" }),
  call("text that is almost JSON", "echo", { text: "{a: 1}" }),
  call("integers", "add", { a: 2, b: 40 }),
  call("a fraction", "scale", { by: 1.5 }),
  call("a whole number where a fraction may be", "scale", { by: 41 }),
  call("a boolean", "flip", { on: true }),
  call("a list", "count", { items: ["a", "b", "c"] }),
  call("an empty list", "count", { items: [] }),
  call("an object in an object", "nested", { job: { name: "fold", nodes: 3 } }),
  call("one of an enumeration", "pick", { color: "red" }),
  call("an optional argument left out", "given", {}),
  call(
    "an optional argument that is null",
    "given",
    { note: null },
    {
      better: "null is left out where the schema has no place for it",
    },
  ),
  call("an argument with a default", "greet", { name: "Ada" }),
  call(
    "a default left out",
    "greet",
    {},
    { better: "what a caller leaves out stays out: the server has its own default" },
  ),
  call("a schema with $ref", "shared", { size: 7 }),
  call("no arguments", "none", {}),
  { says: "no body", path: "/parts/none" },
  call(
    "an argument nobody knows",
    "given",
    { extra: 1 },
    { better: "what a caller sends reaches the server, which may know it" },
  ),
  call(
    "large and whole numbers in JSON text",
    "json",
    {},
    {
      compare: "text",
      better: "text that is JSON leaves as the server wrote it",
    },
  ),
  call("two blocks of text", "lines", {}),
  call("a picture", "picture", {}),
  call("text and a picture", "mixed", {}),
  call("a sound", "sound", {}, { better: carried }),
  call("a link", "link", {}, { better: carried }),
  call("an embedded resource", "file", {}, { better: carried }),
  call("structured content", "facts", {}, { better: "structured content comes first" }),
  call("a tool that fails", "fails", {}, { compare: "status", better: failure }),
  call("an argument of another type", "add", { a: "x", b: 1 }, { compare: "status" }),
  call("a required argument left out", "echo", {}, { compare: "status" }),
  call("a body that is no JSON", "echo", "{", { compare: "status" }),
  call("a disabled tool", "hidden", {}, { compare: "status" }),
  call("a tool that is not there", "nowhere", {}, { compare: "status" }),
  { says: "a server that is not there", path: "/nowhere/echo", body: {}, compare: "status" },
  call("no key", "echo", { text: "x" }, { key: "none", compare: "status" }),
  call(
    "a wrong key",
    "echo",
    { text: "x" },
    {
      key: "wrong",
      compare: "status",
      better: "a wrong key is 401 as a missing one is (RFC 6750)",
    },
  ),
  { says: "a server's page", method: "GET", path: "/parts/docs", compare: "status" },
  { says: "a server's document", method: "GET", path: "/parts/openapi.json", compare: "paths" },
  {
    says: "the merged document",
    method: "GET",
    path: "/openapi.json",
    compare: "paths",
    better: "it holds every tool; mcpo's has no paths",
  },
];
