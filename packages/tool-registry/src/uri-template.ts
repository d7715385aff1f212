/**
 * Reads the variables of a URI by a template of RFC 6570: `{name}`, `{+path}` (which takes slashes) and a last
 * `{?first,second}`, whose parameters may be missing.
 * @returns `undefined` when the URI does not fit
 */
export function matchTemplate(
  template: string,
  uri: string,
): Readonly<Record<string, string | undefined>> | undefined {
  if (uri.length > maxUriLength) return undefined;
  const query = /\{\?([^}]*)\}$/.exec(template);
  const path = query === null ? template : template.slice(0, query.index);
  const cut = query === null ? -1 : uri.indexOf("?");
  const variables = matchPath(path, cut === -1 ? uri : uri.slice(0, cut));
  if (variables === undefined || query === null) return variables;
  const given = new URLSearchParams(cut === -1 ? "" : uri.slice(cut + 1));
  const named = (query[1] ?? "").split(",").map((name) => [name, given.get(name) ?? undefined] as const);
  return { ...variables, ...Object.fromEntries(named) };
}

const maxUriLength = 8192;

function matchPath(template: string, uri: string): Record<string, string> | undefined {
  const names: string[] = [];
  const pattern = template.replaceAll(/\{(\+?)([^}]*)\}|[^{]+/g, (part, plus: string | undefined, name) => {
    if (!part.startsWith("{")) return part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
    names.push(String(name));
    return plus === "+" ? "([^?#]+)" : "([^/?#]+)";
  });
  const found = new RegExp(`^${pattern}$`).exec(uri);
  if (found === null) return undefined;
  return Object.fromEntries(names.map((name, index) => [name, decoded(found[index + 1] ?? "")]));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
