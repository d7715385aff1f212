import * as api from "@parley/gateway";
import { expect, it } from "vitest";

it("exports what it promises", () => {
  expect(Object.keys(api).toSorted()).toMatchInlineSnapshot(`
    [
      "approvePins",
      "createAddressCheck",
      "createGateway",
      "createMask",
      "createPinStore",
      "createRecorder",
      "createReplay",
      "definitionsOf",
      "differences",
      "entryKeys",
      "itemOf",
      "locateInConfig",
      "openAudit",
      "parseGatewayConfig",
      "readRecording",
      "replayGateway",
      "replayServer",
      "scanDefinitions",
      "secretsOf",
      "transportKind",
      "verifyAudit",
      "visible",
      "warmServers",
    ]
  `);
});
