import type { Scope } from "@parley/core";
import { z } from "zod";
import { findExecutable, oneLine, requireOk, runProgram } from "../_command.ts";
import type { Provider, ProviderContext } from "../provider.ts";
import { defineProviderTool } from "../tool.ts";
import { createRuntimeProvider } from "./_runtime-provider.ts";
import { readVersionFlag } from "./_version.ts";

const maxImages = 200;

/** Charliecloud on this host; containers run without privileges. */
export function createCharliecloudProvider(
  context: ProviderContext,
  { hostScope }: { readonly hostScope: Scope },
): Provider {
  return createRuntimeProvider(context, {
    name: "charliecloud",
    hostScope,
    program: "ch-run",
    read: readVersionFlag,
    rootless: true,
    evidenceTool: "list_images",
    tools: [
      defineProviderTool({
        name: "list_images",
        description: `Images in this user's Charliecloud storage on this host, at most ${maxImages}.`,
        input: z.object({}),
        async handler(_args, options) {
          const program = await findExecutable(context, "ch-image");
          if (program === undefined) return { images: [], truncated: false };
          const pass = ["CH_IMAGE_STORAGE"];
          const result = requireOk(await runProgram(context, [program, "list"], { ...options, pass }));
          const images = result.stdout
            .split("\n")
            .map(oneLine)
            .filter((line) => line !== "");
          return { images: images.slice(0, maxImages), truncated: images.length > maxImages };
        },
      }),
    ],
  });
}
