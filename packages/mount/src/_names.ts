import { fittingToolName, globPattern, namespacedTool, shortHash } from "@parley/core";

/** Names of a mounted server's items as they stand in the registry. */
export interface Names {
  /** @returns `undefined` for a name that was given before */
  give(original: string): string | undefined;
}

/**
 * Two different names that come out as one are told apart by a hash of the second. Without a prefix, names stand as
 * they are; what some clients refuse, such as a name with a space, is made to fit.
 */
export function createNames(prefix: string): Names {
  const originals = new Set<string>();
  const given = new Set<string>();
  return {
    give(original) {
      if (originals.has(original)) return undefined;
      originals.add(original);
      const plain = prefix === "" ? fittingToolName(original) : namespacedTool(prefix, original);
      const name = given.has(plain) ? `${plain.slice(0, 57)}_${shortHash(original)}` : plain;
      given.add(name);
      return name;
    },
  };
}

/** Whether a name is to be served, by globs. */
export function createChoice(
  include: readonly string[],
  exclude: readonly string[],
): (name: string) => boolean {
  const [wanted, unwanted] = [include.map(globPattern), exclude.map(globPattern)];
  return (name) =>
    (wanted.length === 0 || wanted.some((glob) => glob.test(name))) &&
    !unwanted.some((glob) => glob.test(name));
}
