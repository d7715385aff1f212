import * as api from "@parley/llm";
import * as ai from "@parley/llm/ai";
import * as open from "@parley/llm/open";
import { expect, it } from "vitest";

it("exports what a user needs and nothing else", () => {
  expect([Object.keys(api).toSorted(), Object.keys(ai), Object.keys(open)]).toMatchInlineSnapshot(`
    [
      [
        "ChatRecording",
        "addUsage",
        "askAbout",
        "completeJson",
        "createRecordingModel",
        "createReplayModel",
        "createScriptedModel",
        "fenceData",
        "fitsBudget",
        "limitTokens",
        "oneLine",
        "readRecording",
      ],
      [
        "createAiModel",
      ],
      [
        "openModel",
      ],
    ]
  `);
});
