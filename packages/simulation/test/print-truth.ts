import { createSimulatedSite } from "@parley/simulation";

const site = await createSimulatedSite({ workerId: "10", archetype: "hpc" });
process.stdout.write(`${JSON.stringify(await site.truth(), undefined, 2)}\n`);
