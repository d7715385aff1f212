// What both echo servers say: MCP in both eras without any library.
const modern = "2026-07-28";
const described = (name) => ({
  name,
  description: `Returns its text. ${"It does nothing else, whatever it is told. ".repeat(10)}`,
  inputSchema: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
  annotations: { readOnlyHint: true },
});

/** @param {{ tools: number, modern: boolean }} options */
export function createEcho({ tools: count, modern: isModern }) {
  const more = Array.from({ length: Math.max(0, count - 2) }, (_, index) => described(`echo_${index}`));
  const tools = [described("echo"), { name: "pid", inputSchema: { type: "object" } }, ...more];
  const serverInfo = { name: "echo", version: "1.0.0" };
  const capabilities = { tools: {} };
  const text = (said) => ({
    content: [{ type: "text", text: said }],
    ...(isModern ? { resultType: "complete" } : {}),
  });
  const answers = {
    initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities, serverInfo }),
    ping: () => ({}),
    "tools/list": () => ({
      tools,
      ...(isModern ? { resultType: "complete", ttlMs: 5000, cacheScope: "private" } : {}),
    }),
    "tools/call": ({ name, arguments: args }) => text(name === "pid" ? String(process.pid) : args.text),
    ...(isModern
      ? {
          "server/discover": () => ({
            supportedVersions: [modern],
            capabilities,
            serverInfo,
            resultType: "complete",
          }),
        }
      : {}),
  };
  /** The answer to one message as an object; nothing for a notification. */
  return ({ id, method, params = {} }) => {
    if (id === undefined) return undefined;
    const answer = answers[method];
    if (answer === undefined)
      return { jsonrpc: "2.0", id, error: { code: -32601, message: "Method not found" } };
    return { jsonrpc: "2.0", id, result: answer(params) };
  };
}

/** `--tools 500 --modern --wait-ms 100` */
export function readFlags(argv) {
  const after = (flag) => Number(argv[argv.indexOf(flag) + 1] ?? 0);
  return {
    tools: argv.includes("--tools") ? after("--tools") : 2,
    modern: argv.includes("--modern"),
    waitMs: argv.includes("--wait-ms") ? after("--wait-ms") : 0,
  };
}
