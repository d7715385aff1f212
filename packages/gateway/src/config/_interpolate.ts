/** Where the values of `${...}` come from. */
export interface Sources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text of a small file. @throws when it cannot be read */
  readonly readFile: (path: string) => string;
}

/** What a text came to; a problem is one clause without any value. */
export type Interpolated = { readonly text: string } | { readonly problem: string };

const reference = /(\$?)\$\{([^}]*)\}/g;
const variable = /^(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-([\s\S]*))?$/;

/**
 * Replaces `${NAME}` (or `${env:NAME}`, as editors write it), `${NAME:-default}` and `${file:PATH}`; `$${` stays as `${`, and every other `$` as it is, since
 * files written for mcpo hold them in passwords. An empty variable counts as unset. Nothing is replaced twice.
 */
export function interpolate(text: string, sources: Sources): Interpolated {
  if (!text.includes("${")) return { text };
  let problem: string | undefined;
  const result = text.replaceAll(reference, (whole: string, escape: string, inner: string) => {
    if (escape !== "") return whole.slice(1);
    const found = valueOf(inner, sources);
    if ("problem" in found) problem ??= found.problem;
    return "text" in found ? found.text : whole;
  });
  return problem === undefined ? { text: result } : { problem };
}

function valueOf(inner: string, sources: Sources): Interpolated {
  if (inner.startsWith("file:")) return fromFile(inner.slice(5), sources);
  const [, name, fallback] = variable.exec(inner) ?? [];
  if (name === undefined) {
    const shown = JSON.stringify(`\${${inner.slice(0, 40)}}`);
    return {
      problem: `${shown} is no variable; write \${NAME}, \${NAME:-default} or \${file:PATH}, or $\${ for the signs themselves`,
    };
  }
  const value = sources.env[name] ?? "";
  if (value !== "") return { text: value };
  if (fallback !== undefined) return { text: fallback };
  return { problem: `the variable ${name} is not set; set it or write \${${name}:-default}` };
}

function fromFile(path: string, { readFile }: Sources): Interpolated {
  try {
    return { text: readFile(path).replace(/\r?\n$/, "") };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    const why = code === "ENOENT" ? "there is no such file" : `it cannot be read (${code})`;
    return { problem: `\${file:${path.slice(0, 200)}}: ${why}` };
  }
}
