import { z } from "zod";
import type { ContainerModel } from "../model/cluster-model.ts";
import { noArguments, observe, type Facility } from "./_facility.ts";

const cacheTool = observe({
  name: "list_cache",
  description: "Entries of the image cache; a simulated one is empty.",
  input: noArguments,
  answer: () => ({ entries: [], truncated: false }),
});

const imagesTool = observe({
  name: "list_images",
  description: "Images in the local storage; a simulated one is empty.",
  input: z.object({
    filter: z.string().max(256).default("").describe("Image reference to list; empty lists all"),
  }),
  answer: () => ({ images: [], truncated: false }),
});

/** A container runtime of a site. */
export function containerFacility({ runtime, version, rootless }: ContainerModel): Facility {
  const tool = runtime === "singularity" ? cacheTool : imagesTool;
  return {
    name: runtime,
    category: "container",
    metadata: () => ({ runtime, version, path: `/usr/bin/${runtime}`, rootless }),
    truth: () => ({ runtime, rootless }),
    facts: (_query, record) => {
      const evidence = record(tool.name, { summary: `${runtime} ${version}` });
      return { containers: [{ runtime, version, rootless, scope: "cluster", evidence }] };
    },
    tools: [tool],
  };
}
