/** Does work at most so often, and never forgets the last call. */
export interface Pace {
  readonly touch: () => void;
  /** Does it now, if there is anything to do. */
  flush(): void;
}

export function createPace(everyMs: number, work: () => void): Pace {
  let timer: NodeJS.Timeout | undefined;
  const run = (): void => {
    clearTimeout(timer);
    timer = undefined;
    work();
  };
  return {
    touch: () => {
      timer ??= setTimeout(run, everyMs);
    },
    flush: run,
  };
}
