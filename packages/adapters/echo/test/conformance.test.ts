import { createEcho } from "@parley/echo";
import { describeAdapter } from "@parley/testing";

describeAdapter({
  name: "@parley/echo",
  create: ({ prefix }) => createEcho({ prefix }),
  plain: ["simple_echo"],
  working: [
    { tool: "simple_echo", args: { message: "hello" } },
    { tool: "structured_echo", args: { message: "hello", times: 2 } },
  ],
  failing: [{ tool: "structured_echo", args: { message: "hello", times: 11 }, code: "E_ARGUMENT_INVALID" }],
});
