import { createEcho } from "@parley/echo";
import { createFlux, toolsets as fluxTools } from "@parley/flux";
import { definitionsOf, scanDefinitions } from "@parley/gateway";
import { createHpc, toolsets as hpcTools } from "@parley/hpc";
import { createNomad, toolsets as nomadTools } from "@parley/nomad";
import { createTensorPool, toolsets as poolTools } from "@parley/tensorpool";
import type { Prompt, Tool } from "@parley/tool-registry";
import { expect, test } from "vitest";

interface Offering {
  readonly tools: readonly Tool[];
  readonly prompts?: readonly Prompt[] | undefined;
}

const adapters: readonly (readonly [string, () => Offering | Promise<Offering>])[] = [
  ["echo", () => createEcho()],
  ["flux", () => createFlux({ toolsets: fluxTools, env: {} })],
  ["hpc", () => createHpc({ toolsets: hpcTools, env: {} })],
  ["nomad", () => createNomad({ toolsets: nomadTools, env: {} })],
  ["tensorpool", () => createTensorPool({ toolsets: poolTools, env: {} })],
];

test.each(adapters)("[GTW-73] what the adapter %s offers hides nothing", async (name, create) => {
  const { tools, prompts = [] } = await create();
  expect(tools.length).toBeGreaterThan(0);
  expect(scanDefinitions(name, definitionsOf({ tools, prompts }))).toEqual([]);
});
