import { ParleyError } from "@parley/core";
import type { View } from "../policy/view.ts";
import type { CatalogueTool } from "../upstream/catalogue.ts";
import type { Upstream } from "../upstream/upstream.ts";
import { checkReachable } from "./serving.ts";

/** Which tool an address names. */
export interface ToolAddress {
  readonly server: string;
  readonly tool: string;
}

interface Finding {
  readonly view: View;
  readonly signal: AbortSignal;
}

/** A server that is just being connected to may offer it in a moment. */
export async function findTool(
  upstream: Upstream,
  { server, tool }: ToolAddress,
  { view, signal }: Finding,
): Promise<CatalogueTool> {
  const look = (): CatalogueTool | undefined =>
    view.seesTool(server, tool) ? upstream.catalogue.tools.get(tool) : undefined;
  const known = look();
  if (known !== undefined) return known;
  if (upstream.status.state === "connecting") await settled(upstream, signal);
  const found = look();
  if (found !== undefined) return found;
  if (upstream.catalogue.tools.size === 0) checkReachable(upstream);
  const shown = JSON.stringify(tool.slice(0, 64));
  throw new ParleyError(
    "E_TOOL_UNKNOWN",
    `The server ${server} has no tool named ${shown}; see its openapi.json.`,
  );
}

/** Longest wait of a call for a server's first connection. */
const maxWaitMs = 60_000;

async function settled(upstream: Upstream, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, maxWaitMs).unref();
    signal.addEventListener("abort", () => resolve(), { once: true });
    void upstream.settled.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
