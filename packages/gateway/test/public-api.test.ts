import * as api from "@parley/gateway";
import { expect, it } from "vitest";

it("exports what it promises", () => {
  expect(Object.keys(api).toSorted()).toMatchInlineSnapshot(`
    [
      "createGateway",
      "createMask",
      "createRecorder",
      "createReplay",
      "entryKeys",
      "locateInConfig",
      "parseGatewayConfig",
      "readRecording",
      "replayGateway",
      "replayServer",
      "secretsOf",
      "transportKind",
    ]
  `);
});
