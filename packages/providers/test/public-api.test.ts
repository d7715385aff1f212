import * as providers from "@parley/providers";
import { expect, test } from "vitest";

test("the public API is what the index names", () => {
  expect(Object.keys(providers)).toMatchInlineSnapshot(`
    [
      "createProviderContext",
      "assembleSite",
      "discoverSite",
      "openHostSite",
      "defaultProviders",
      "detectHostScope",
      "createEvidenceRecorder",
      "defineProviderTool",
      "createWorkloadProvider",
      "createAmdGpuProvider",
      "createCpuProvider",
      "createMemoryProvider",
      "createNvidiaGpuProvider",
      "createEthernetProvider",
      "createInfinibandProvider",
      "createOmniPathProvider",
      "createBeegfsProvider",
      "createLocalScratchProvider",
      "createLustreProvider",
      "createNetworkFsProvider",
      "createApptainerProvider",
      "createCharliecloudProvider",
      "createDockerProvider",
      "createPodmanProvider",
      "createSingularityProvider",
      "createCondaProvider",
      "createModulesProvider",
      "createPathProvider",
      "createPipProvider",
      "createSpackProvider",
      "createMpichProvider",
      "createOpenmpiProvider",
    ]
  `);
});
