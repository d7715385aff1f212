/** Counts what runs, so that something can end when nothing does. */
export interface Running {
  readonly count: number;
  during<Value>(work: Promise<Value>): Promise<Value>;
  /** For work that ends where it began. @returns what is called once at its end */
  enter(): () => void;
  /** Resolves when nothing runs, or after so long. */
  idle(graceMs: number): Promise<void>;
}

export function createRunning(): Running {
  let count = 0;
  const waiting = new Set<() => void>();
  const leave = (): void => {
    count -= 1;
    if (count === 0) for (const wake of waiting) wake();
  };
  return {
    enter() {
      count += 1;
      return leave;
    },
    get count() {
      return count;
    },
    during(work) {
      count += 1;
      work.then(leave, leave);
      return work;
    },
    async idle(graceMs) {
      if (count === 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => wake(), graceMs);
        const wake = (): void => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve();
        };
        waiting.add(wake);
      });
    },
  };
}
