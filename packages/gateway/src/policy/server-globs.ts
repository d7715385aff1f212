/** What may stand for the server in a glob of `server.tool`: names of servers may hold dots too. */
export function serverGlobs(glob: string): readonly string[] {
  const parts = glob.split(".", 64);
  return parts.slice(1).map((_part, index) => parts.slice(0, index + 1).join("."));
}
