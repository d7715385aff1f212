const longestWhere = 200;

/** What a schema found wrong, as zod tells it. */
interface Fault {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

/**
 * Says in words what of an answer's `structured` part could not be read, at most about 280 characters. Such an answer
 * is an error: its words would be believed without the check that a readable one undergoes.
 */
export function unreadableStructured({ issues }: Fault): string {
  const [issue] = issues;
  const at = issue === undefined || issue.path.length === 0 ? "" : ` at ${issue.path.map(String).join(".")}`;
  const where = `${at} (${issue?.message ?? "it is no proposal"})`.slice(0, longestWhere);
  return `its structured answer cannot be read${where}, and its words are not taken instead`;
}
