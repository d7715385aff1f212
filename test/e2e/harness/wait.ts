/** Waits until something holds and gives it; fails saying what did not come about. */
export async function eventually<Value>(
  what: string,
  look: () => Promise<Value | undefined | false> | Value | undefined | false,
  timeoutMs = 45_000,
): Promise<Value> {
  const endsAt = Date.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      last = error;
    }
    if (Date.now() > endsAt) throw new Error(`Not within ${timeoutMs} ms: ${what}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
