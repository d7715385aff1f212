import type { OptionValues } from "@parley/cli";
import { ParleyError } from "@parley/core";
import { type NomadToolkit, createNomad, standaloneTools } from "./nomad.ts";
import type { nomadOptions } from "./program-options.ts";
import { type ToolRoutes, nomadRoutes } from "./rest.ts";

/** What the program around it tells. */
interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly transport: string;
}

/** What `parley-nomad` serves. */
export interface OpenNomad extends NomadToolkit {
  readonly title?: string | undefined;
  readonly instructions?: string | undefined;
  install(routes: ToolRoutes): void;
}

/** Opens what the settings of `parley-nomad` ask for. @throws `E_CONFIG_INVALID` */
export function openNomad(
  settings: OptionValues<typeof nomadOptions>,
  { env, transport }: Surroundings,
): OpenNomad {
  const { toolset, standalone, readOnly, variableReads, rest, title, about: instructions } = settings;
  if (rest && transport === "stdio") {
    throw new ParleyError("E_CONFIG_INVALID", "--rest serves HTTP: leave --transport stdio out.");
  }
  if (standalone && toolset.length > 0) {
    throw new ParleyError(
      "E_CONFIG_INVALID",
      "--standalone is ten tools and --toolset whole groups: name one.",
    );
  }
  const nomad = createNomad({
    env,
    readOnly,
    allowVariableReads: variableReads,
    ...(toolset.length === 0 ? {} : { toolsets: toolset }),
    // A server adds tools to follow tasks with: ten are ten.
    ...(standalone ? { tools: standaloneTools, tasks: false } : {}),
  });
  return {
    ...nomad,
    title,
    instructions,
    install: (routes) => {
      if (rest) nomadRoutes(nomad, routes);
    },
  };
}
