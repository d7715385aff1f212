import * as api from "@parley/server";
import { expect, it } from "vitest";

it("exports what it promises", () => {
  expect(Object.keys(api).toSorted()).toMatchInlineSnapshot(`
    [
      "anonymous",
      "auditLog",
      "bearerToken",
      "createRateLimit",
      "createServer",
      "firstOf",
      "inTraceOf",
      "isDeeperThan",
      "maxDepth",
      "openTls",
      "pagesNeeded",
      "redactArgs",
      "redactText",
      "requireScope",
      "serveStdio",
      "staticToken",
      "tokenFile",
      "tokenStore",
      "traced",
      "watchTls",
    ]
  `);
});
