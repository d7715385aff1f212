/** Why a file cannot be read, as one clause. */
export function whyUnreadable(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
  if (code === "ENOENT") return "there is no such file";
  return code === "EISDIR" ? "it is a directory" : `it cannot be read (${code})`;
}
