/**
 * Kubernetes reads `$(NAME)` and `$$` in a command itself: what the shell is to see is written with a second `$`.
 * @see k8s.io/kubernetes/third_party/forked/golang/expansion
 */
export const escapeCommand = (text: string): string =>
  text.replaceAll(/\$\$|\$\(/g, (match) => (match === "$$" ? "$$$$" : "$$("));

/** What the container gets of a written command; `references` are the `$(NAME)` that are filled in. */
export function expandCommand(text: string): {
  readonly text: string;
  readonly references: readonly string[];
} {
  const references: string[] = [];
  const expanded = text.replaceAll(/\$\$|\$\((\w+)\)/g, (match, name: string | undefined) => {
    if (name !== undefined) references.push(name);
    return match === "$$" ? "$" : match;
  });
  return { text: expanded, references };
}
