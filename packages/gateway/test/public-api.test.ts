import * as api from "@parley/gateway";
import { expect, it } from "vitest";

it("exports what it promises", () => {
  expect(Object.keys(api).toSorted()).toMatchInlineSnapshot(`
    [
      "approvePins",
      "createAddressCheck",
      "createGateway",
      "createPinStore",
      "definitionsOf",
      "differences",
      "itemOf",
      "openAudit",
      "parseGatewayConfig",
      "scanDefinitions",
      "transportKind",
      "verifyAudit",
      "visible",
    ]
  `);
});
