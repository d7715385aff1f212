/** What `${NAME}` in a text came to; a problem is one clause without the text's own value. */
export type Interpolated =
  | { readonly text: string; readonly changed: boolean }
  | { readonly problem: string };

const pattern = /\$(?:\$|\{([^}]*)\}|\{)/g;
const reference = /^([A-Za-z_][A-Za-z0-9_]*)(?::-([\s\S]*))?$/;

/**
 * Replaces `${NAME}` and `${NAME:-default}` by the environment's values; `$$` is a dollar sign. An empty variable
 * counts as unset, a lone `$` stays. What a variable holds is not looked into again.
 */
export function interpolate(text: string, env: Readonly<Record<string, string | undefined>>): Interpolated {
  let problem: string | undefined;
  let changed = false;
  const result = text.replaceAll(pattern, (whole: string, inner: string | undefined) => {
    if (whole === "$$") return "$";
    const [, name, fallback] = reference.exec(inner ?? "") ?? [];
    if (name === undefined) {
      problem ??= `"${whole.slice(0, 40)}" is no variable; write \${NAME}, or $$ for a dollar sign`;
      return whole;
    }
    changed = true;
    const value = env[name] ?? "";
    if (value !== "") return value;
    if (fallback === undefined)
      problem ??= `the variable ${name} is not set; set it or write \${${name}:-default}`;
    return fallback ?? "";
  });
  return problem === undefined ? { text: result, changed } : { problem };
}
