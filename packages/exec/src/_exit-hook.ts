import { signalGroup } from "./_process-group.ts";

const groups = new Set<number>();

const killAll = (): void => {
  for (const leader of groups) signalGroup(leader, "SIGKILL");
};

/** Kills a process group should this process end before it is released: a group of its own hears no Ctrl-C. */
export function killAtExit(leader: number): () => void {
  if (groups.size === 0) process.on("exit", killAll);
  groups.add(leader);
  return () => {
    groups.delete(leader);
    if (groups.size === 0) process.off("exit", killAll);
  };
}
