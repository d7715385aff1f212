/** What the part of the board's address after `#` names: a status of which tasks are listed, and a task. */
export interface BoardRoute {
  readonly status: string;
  readonly task?: string | undefined;
}

const first = "pending";

export function boardRouteOf(hash: string): BoardRoute {
  const [, status = first, task] = /^#\/([a-z_]+)(?:\/(.+))?$/s.exec(hash) ?? [];
  return { status, task: task === undefined ? undefined : decoded(task) };
}

export function boardHash(status: string, task?: string): string {
  return task === undefined ? `#/${status}` : `#/${status}/${encodeURIComponent(task)}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
