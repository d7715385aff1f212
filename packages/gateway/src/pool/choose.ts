import type { CatalogueTool } from "../upstream/catalogue.ts";
import type { Replica } from "./replica.ts";

/** Picks the server for a call; nothing when none is left. */
export type Choose = (found: CatalogueTool, tried: ReadonlySet<Replica>) => Replica | undefined;

/**
 * Healthy servers that offer the tool come first; of two drawn from these the one with less before it, so that a server
 * that has just become free is not run over by everybody at once.
 * @param random - from 0 to below 1
 */
export function createChoose(replicas: readonly Replica[], random: () => number): Choose {
  return (found, tried) => {
    const left = replicas.filter((replica) => !tried.has(replica) && offers(replica, found));
    const passable = left.filter(({ waitMs }) => waitMs === 0);
    const ready = passable.filter(({ upstream }) => upstream.status.state === "ready");
    return drawTwo(ready, random) ?? drawTwo(passable, random) ?? left[0];
  };
}

function offers({ upstream }: Replica, { tool }: CatalogueTool): boolean {
  return upstream.catalogue.tools.has(tool.name);
}

function drawTwo(replicas: readonly Replica[], random: () => number): Replica | undefined {
  const first = Math.floor(random() * replicas.length);
  const second = (first + 1 + Math.floor(random() * (replicas.length - 1))) % replicas.length;
  const [one, other] = [replicas[first], replicas[second]];
  if (one === undefined || other === undefined) return one ?? other;
  return other.load < one.load ? other : one;
}
