import { fittingToolName, ParleyError } from "@parley/core";
import type { Ending } from "@parley/core";
import type { View } from "../policy/view.ts";
import type { CatalogueTool } from "../upstream/catalogue.ts";
import { tooLate } from "../upstream/deadline.ts";
import { isFirst } from "../upstream/first-status.ts";
import type { Upstream } from "../upstream/upstream.ts";
import { checkReachable } from "./serving.ts";

/** Which tool an address names. */
export interface ToolAddress {
  readonly server: string;
  readonly tool: string;
}

/** Who looks for a tool, and for how long. */
export interface Finding {
  readonly view: View;
  readonly ending: Ending;
  readonly timeoutMs?: number | undefined;
}

/** A server that is just being connected to may offer it in a moment. */
export function findTool(
  upstream: Upstream,
  address: ToolAddress,
  finding: Finding,
): CatalogueTool | Promise<CatalogueTool> {
  return look(upstream, address, finding.view) ?? findLater(upstream, address, finding);
}

function look(upstream: Upstream, { server, tool }: ToolAddress, view: View): CatalogueTool | undefined {
  const found = toolCalled(tool, upstream);
  return found !== undefined && view.seesTool(server, found.tool.name) ? found : undefined;
}

async function findLater(
  upstream: Upstream,
  address: ToolAddress,
  { view, ending, timeoutMs = maxWaitMs }: Finding,
): Promise<CatalogueTool> {
  const { server, tool } = address;
  if (isFirst(upstream.status)) await settled(upstream, ending, Math.min(timeoutMs, maxWaitMs));
  const found = look(upstream, address, view);
  if (found !== undefined) return found;
  const withheld = view.seesTool(server, tool)
    ? upstream.withheld?.find(({ name }) => name === tool)
    : undefined;
  if (withheld !== undefined) throw new ParleyError("E_TOOL_QUARANTINED", withheld.reason);
  if (upstream.catalogue.tools.size === 0) checkReachable(upstream);
  const shown = JSON.stringify(tool.slice(0, 64));
  throw new ParleyError(
    "E_TOOL_UNKNOWN",
    `The server ${server} has no tool named ${shown}; see its openapi.json.`,
  );
}

/** By the name it has here, or the one it has at its server where that one had to be made to fit. */
function toolCalled(name: string, { catalogue: { tools } }: Upstream): CatalogueTool | undefined {
  const found = tools.get(name);
  if (found !== undefined) return found;
  const fitting = tools.get(fittingToolName(name));
  return fitting?.original === name ? fitting : undefined;
}

/** Longest wait of a call for a server's first connection. */
const maxWaitMs = 60_000;

/** @throws `E_MCP_TIMEOUT` when the server lets it wait too long */
async function settled(upstream: Upstream, ending: Ending, timeoutMs: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const late = (): void => reject(tooLate(`The server ${upstream.server.name}`, timeoutMs));
    const timer = setTimeout(late, timeoutMs);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    ending.onAbort(end);
    void upstream.settled.then(end);
  });
}
