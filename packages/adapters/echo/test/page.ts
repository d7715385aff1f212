import { createEcho } from "@parley/echo";
import type { AdapterPage } from "@parley/testing";
import { createRegistry, toolContext } from "@parley/tool-registry";

const args = { message: "hello", times: 2 };

/** The adapter's page in docs/reference/adapters. */
export const page: AdapterPage = {
  title: "Echo",
  errors: ["E_ARGUMENT_INVALID"],
  create: () => createEcho(),
  async examples() {
    const registry = createRegistry();
    const echo = createEcho();
    registry.replace(echo.origin, echo);
    const result = await registry.call("structured_echo", args, toolContext());
    return [{ tool: "structured_echo", args, result }];
  },
};
