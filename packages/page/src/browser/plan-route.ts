/** What the part of the address after `#` names: a run, and a step of it. */
export interface PlanRoute {
  readonly run: string;
  readonly step?: string | undefined;
}

export function planRouteOf(hash: string): PlanRoute {
  const [, run = "", step] = /^#\/runs\/([^/]*)(?:\/(.+))?$/s.exec(hash) ?? [];
  return { run: decoded(run), step: step === undefined ? undefined : decoded(step) };
}

export function runHash(run: string): string {
  return `#/runs/${encodeURIComponent(run)}`;
}

export function stepHash(run: string, step: string): string {
  return `${runHash(run)}/${encodeURIComponent(step)}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
