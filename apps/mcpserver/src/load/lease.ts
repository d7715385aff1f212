import type { LoadedItems, Tool } from "@parley/tool-registry";

/** Makes `close` wait for the calls that still run, for items that are replaced while they are in use. */
export function leased(items: LoadedItems): LoadedItems {
  if (items.close === undefined) return items;
  let running = 0;
  let idle: (() => void) | undefined;
  // The loader's own copy is changed in place: the registry knows by identity which tools check their own arguments.
  const counted = (tool: Tool): Tool => {
    const call: Tool["call"] = tool.call.bind(tool);
    return Object.assign(tool, {
      async call(...given: Parameters<Tool["call"]>) {
        running += 1;
        try {
          return await call(...given);
        } finally {
          running -= 1;
          if (running === 0) idle?.();
        }
      },
    });
  };
  return {
    ...items,
    tools: items.tools.map(counted),
    async close() {
      if (running > 0) {
        await new Promise<void>((resolve) => {
          idle = resolve;
        });
      }
      await items.close?.();
    },
  };
}
