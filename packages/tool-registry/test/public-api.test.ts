import * as api from "@parley/tool-registry";
import { expect, it } from "vitest";

it("exports what it promises", () => {
  expect(Object.keys(api).toSorted()).toMatchInlineSnapshot(`
    [
      "allScopes",
      "createRegistry",
      "definePrompt",
      "defineResource",
      "defineTool",
      "errorMetaKey",
      "errorOf",
      "errorResult",
      "eventsProblem",
      "hasScope",
      "isPrompt",
      "isResource",
      "isTool",
      "listEvents",
      "listPrompt",
      "listResource",
      "listTool",
      "loadModule",
      "loadPrompt",
      "loadResource",
      "loadTool",
      "promptProblem",
      "resourceProblem",
      "toolContext",
      "toolNamePattern",
      "toolProblem",
      "toolResult",
    ]
  `);
});
