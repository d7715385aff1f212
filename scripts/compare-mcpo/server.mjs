// A server over stdio with a tool for each kind of argument and answer; it checks its arguments itself.
import { createInterface } from "node:readline";

const text = (said) => ({ type: "text", text: said });
const object = (properties, required = Object.keys(properties)) => ({ type: "object", properties, required });
const string = { type: "string" };
const picture = { type: "image", data: "iVBORw0KGgo=", mimeType: "image/png" };

const tools = {
  echo: [object({ text: string }), ({ text: said }) => [text(said)]],
  add: [object({ a: { type: "integer" }, b: { type: "integer" } }), ({ a, b }) => [text(String(a + b))]],
  scale: [object({ by: { type: "number" } }), ({ by }) => [text(String(2 * by))]],
  flip: [object({ on: { type: "boolean" } }), ({ on }) => [text(String(!on))]],
  count: [object({ items: { type: "array", items: string } }), ({ items }) => [text(String(items.length))]],
  nested: [
    object({ job: object({ name: string, nodes: { type: "integer" } }) }),
    ({ job }) => [text(job.name)],
  ],
  pick: [object({ color: { enum: ["red", "blue"] } }), ({ color }) => [text(color)]],
  greet: [object({ name: { ...string, default: "you" } }, []), ({ name = "nobody" }) => [text(`hi ${name}`)]],
  given: [object({ note: string }, []), (args) => [text(JSON.stringify(Object.keys(args)))]],
  shared: [
    { ...object({ size: { $ref: "#/$defs/size" } }), $defs: { size: { type: "integer", minimum: 1 } } },
    ({ size }) => [text(String(size))],
  ],
  none: [{ type: "object" }, () => [text("nothing to say")]],
  json: [{ type: "object" }, () => [text('{"id": 12345678901234567890, "share": 1.0}')]],
  lines: [{ type: "object" }, () => [text("one"), text("two")]],
  picture: [{ type: "object" }, () => [picture]],
  mixed: [{ type: "object" }, () => [text("look"), picture]],
  sound: [{ type: "object" }, () => [{ type: "audio", data: "UklGRg==", mimeType: "audio/wav" }]],
  link: [{ type: "object" }, () => [{ type: "resource_link", uri: "file:///a.txt", name: "a" }]],
  file: [
    { type: "object" },
    () => [{ type: "resource", resource: { uri: "file:///a.txt", text: "inside" } }],
  ],
  fails: [{ type: "object" }, () => ({ isError: true, content: [text("the disk is full")] })],
  facts: [{ type: "object" }, () => ({ content: [text("five jobs")], structuredContent: { jobs: 5 } })],
  hidden: [{ type: "object" }, () => [text("never")]],
};

const kinds = {
  integer: Number.isInteger,
  number: Number.isFinite,
  boolean: (value) => value === true || value === false,
};

/** What is wrong with arguments; nothing when they fit. */
function misfit({ properties = {}, required = [] }, args) {
  const missing = required.find((name) => args[name] === undefined);
  if (missing !== undefined) return `${missing} is missing`;
  return Object.entries(properties).find(([name, { type }]) => {
    const value = args[name];
    if (value === undefined) return false;
    return type in kinds ? !kinds[type](value) : type === "string" && typeof value !== "string";
  })?.[0];
}

function answer(method, params) {
  if (method === "initialize") {
    const { protocolVersion } = params;
    return { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "parts", version: "1.0.0" } };
  }
  if (method === "ping") return {};
  if (method === "tools/list") {
    return {
      tools: Object.entries(tools).map(([name, [inputSchema]]) => ({ name, description: name, inputSchema })),
    };
  }
  const [schema, run] = (method === "tools/call" && tools[params.name]) || [];
  if (run === undefined) throw Object.assign(new Error("Method not found"), { code: -32601 });
  const args = params.arguments ?? {};
  const wrong = misfit(schema, args);
  if (wrong !== undefined) throw Object.assign(new Error(`Invalid arguments: ${wrong}`), { code: -32602 });
  const came = run(args);
  return Array.isArray(came) ? { content: came } : came;
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params = {} } = JSON.parse(line);
  if (id === undefined) return;
  const write = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, ...message })}\n`);
  try {
    write({ result: answer(method, params) });
  } catch (error) {
    write({ error: { code: error.code ?? -32603, message: error.message } });
  }
});
