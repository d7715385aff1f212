/** Splits `a,node[01-04,7],b` at the commas outside brackets. */
export function splitHosts(text: string, separator = ","): string[] {
  const hosts: string[] = [];
  let depth = 0;
  let host = "";
  for (const char of text) {
    if (char === "[") depth += 1;
    if (char === "]") depth -= 1;
    if (char === separator && depth === 0) {
      hosts.push(host);
      host = "";
    } else host += char;
  }
  return [...hosts, host].map((each) => each.trim()).filter((each) => each !== "");
}

/** Whether a host is one name and no bracketed set of them. */
export const isOneHost = (host: string): boolean => !host.includes("[");
