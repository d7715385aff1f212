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
      "defineEvents",
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
      "isEventSource",
      "isPrompt",
      "isResource",
      "isTool",
      "listEvents",
      "listPrompt",
      "listResource",
      "listTool",
      "loadEvents",
      "loadItems",
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
