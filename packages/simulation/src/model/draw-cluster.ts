import { createDraw } from "../_draw.ts";
import { chooseArchetype, type Archetype } from "../archetype.ts";
import { adjectives, nouns, suffixes } from "../catalogue/words.ts";
import { drawContainers, drawFabric, drawMpi, drawSources, drawStorage } from "./_facilities.ts";
import { drawNode, within } from "./_hardware.ts";
import { drawLoad, drawManager, drawPartitions, drawPolicy, drawPrices } from "./_scheduler.ts";
import type { ClusterModel } from "./cluster-model.ts";
import { archetypeRanges } from "./ranges.ts";

function drawName(workerId: string, archetype: Archetype): string {
  const draw = createDraw(workerId, "name");
  return [draw.pick(adjectives), draw.pick(nouns[archetype]), draw.pick(suffixes[archetype])].join("-");
}

/**
 * Draws a whole site from its worker id: the same on every machine and in every process.
 * @param archetype - default {@link chooseArchetype}
 */
export function drawCluster(
  workerId: string,
  archetype: Archetype = chooseArchetype(workerId),
): ClusterModel {
  const ranges = archetypeRanges[archetype];
  const scale = createDraw(workerId, "scale").share(ranges.scaleMean, 0.2);
  const density = createDraw(workerId, "density").share(ranges.densityMean, 0.2);
  const manager = drawManager(workerId, archetype);
  const name = drawName(workerId, archetype);
  const node = drawNode(workerId, archetype, scale);
  const nodes = within(ranges.nodes, createDraw(workerId, "nodes").share(scale, 0.2));
  const load = drawLoad(workerId, { archetype, node, nodes, sharing: manager.sharing }, density);
  const partitions = drawPartitions(workerId, { manager: manager.manager, archetype }, load.availableNodes);
  return {
    workerId,
    archetype,
    name,
    ...manager,
    nodes,
    node,
    load,
    partitions,
    namespaces: manager.manager === "kubernetes" ? ["default", "kube-system", "jobs"] : [],
    fabric: drawFabric(workerId, archetype, scale),
    storage: drawStorage({ workerId, archetype, scale, name }),
    containers: drawContainers(workerId, archetype),
    mpi: drawMpi(workerId, archetype),
    softwareSources: drawSources(workerId, archetype),
    prices: drawPrices(workerId, archetype),
    policy: drawPolicy(workerId, partitions, archetype),
  };
}
