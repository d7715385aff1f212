const key = "parley.token";

/** The bearer token: kept in this tab until it is closed, and nowhere else. */
export const token = {
  get(): string | undefined {
    return sessionStorage.getItem(key) ?? undefined;
  },
  set(value: string): void {
    sessionStorage.setItem(key, value);
  },
  forget(): void {
    sessionStorage.removeItem(key);
  },
};

/** The header to send with every request, if there is a token. */
export function authorization(): Record<string, string> {
  const value = token.get();
  return value === undefined ? {} : { authorization: `Bearer ${value}` };
}
