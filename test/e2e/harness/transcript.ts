/** A command of a session in a guide, and what the guide says it prints. */
export interface Exchange {
  /** Words of the command line, quotes taken off. */
  readonly words: readonly string[];
  readonly printed: string;
}

/** Words of a command line; quotes hold spaces together and nothing is expanded. */
function wordsOf(line: string): string[] {
  return Array.from(line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g), ([word]) =>
    word.replaceAll(
      /"([^"]*)"|'([^']*)'/g,
      (_all, double?: string, single?: string) => double ?? single ?? "",
    ),
  );
}

/** The sessions of a guide: its indented blocks, where a line that begins with `$` is typed. */
export function exchangesOf(guide: string): readonly Exchange[] {
  const blocks = guide.split(/\n(?=\S)/).flatMap((part) => {
    const start = part.search(/^ {4}\$ /m);
    return start < 0 ? [] : [part.slice(start).replaceAll(/^ {4}/gm, "").trimEnd()];
  });
  return blocks
    .join("\n")
    .replaceAll(/ \\\n\s*/g, " ")
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [line = "", ...printed] = part.split("\n");
      return { words: wordsOf(line), printed: printed.join("\n").trimEnd() };
    });
}

/** What is made anew in every session: ids of tasks, and tokens. */
const made = /(?:task_\d+_)?[0-9a-f]{32}/g;

/** Puts the ids of this session where those of the guide's stand, as both are printed in the same order. */
export function createTranslation(): {
  learn(documented: string, printed: string): void;
  apply(text: string): string;
} {
  const known = new Map<string, string>();
  return {
    learn(documented, printed) {
      const here = printed.match(made) ?? [];
      for (const [index, id] of (documented.match(made) ?? []).entries())
        if (!known.has(id)) known.set(id, here[index] ?? id);
    },
    apply: (text) => text.replaceAll(made, (id) => known.get(id) ?? id),
  };
}

/** Times and durations are different in every session. */
export function withoutTimes(text: string): string {
  return text
    .replaceAll(/\d{4}-\d{2}-\d{2}T[0-9:.]+Z/g, "then")
    .replaceAll(/((?:elapsed_seconds|execMs|waitMs)":)[0-9.]+/g, "$10");
}
