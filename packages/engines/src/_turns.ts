/** Runs what belongs to one key one after another: the second submission of a tag finds the first. */
export function createTurns(): <Value>(key: string, act: () => Promise<Value>) => Promise<Value> {
  const last = new Map<string, Promise<unknown>>();
  return async (key, act) => {
    const before = last.get(key);
    const turn = (async () => {
      await before?.catch(() => undefined);
      return act();
    })();
    last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (last.get(key) === turn) last.delete(key);
    }
  };
}
