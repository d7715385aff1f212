import { changedDeadline } from "./_deadline.ts";
import type { Deadline } from "./_deadline.ts";

/** Where calls wait for a connection that is being opened. */
export interface WaitingRoom {
  /** The deadline of the opening: while it stands aside, so do those of the calls that wait. */
  sharing(deadline: Deadline): Deadline;
  /** Awaits the opening, but no longer than the call may last; in a patient room its time begins after that. */
  await<Result>(opening: Promise<Result>, deadline: Deadline): Promise<Result>;
}

/** The work's own fault goes to the opening; here it only ends the standing aside. */
function standAside(deadline: Deadline, work: Promise<unknown>): void {
  deadline.aside(work).catch(() => {});
}

/** Nobody waits at first. @param isPatient - whether the time of calls stands still while they wait */
export function createWaitingRoom(isPatient = false): WaitingRoom {
  const waiting = new Set<Deadline>();
  const asides = new Set<Promise<unknown>>();
  return {
    sharing: (deadline) =>
      changedDeadline(deadline, {
        async aside(work) {
          asides.add(work);
          for (const each of waiting) standAside(each, work);
          try {
            return await deadline.aside(work);
          } finally {
            asides.delete(work);
          }
        },
      }),
    async await(opening, deadline) {
      waiting.add(deadline);
      for (const work of asides) standAside(deadline, work);
      try {
        return await (isPatient ? deadline.aside(opening) : deadline.within(opening));
      } finally {
        waiting.delete(deadline);
      }
    },
  };
}
