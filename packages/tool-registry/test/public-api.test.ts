import * as api from "@parley/tool-registry";
import { expect, it } from "vitest";

it("exports what it promises", () => {
  expect(Object.keys(api).toSorted()).toMatchInlineSnapshot(`
    [
      "allScopes",
      "ask",
      "audio",
      "createAsking",
      "createRegistry",
      "definePrompt",
      "defineResource",
      "defineTool",
      "embeddedResource",
      "errorMetaKey",
      "errorOf",
      "errorResult",
      "eventsProblem",
      "hasScope",
      "image",
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
      "maskErrors",
      "promptProblem",
      "resourceLink",
      "resourceProblem",
      "toolContext",
      "toolNamePattern",
      "toolProblem",
      "toolResult",
    ]
  `);
});
