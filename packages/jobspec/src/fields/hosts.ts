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

/** How many hosts `node[01-04,7]` names. */
export function countHosts(host: string): number {
  const sets = Array.from(host.matchAll(/\[([^\]]*)\]/g), ([, content = ""]) =>
    content.split(",").reduce((sum, part) => {
      const [first, last = first] = part.split("-").map(Number);
      return sum + Math.max(1, (last ?? 0) - (first ?? 0) + 1 || 1);
    }, 0),
  );
  return sets.reduce((product, each) => product * each, 1);
}

/** Whether a host is one name and no bracketed set of them. */
export const isOneHost = (host: string): boolean => !host.includes("[");
