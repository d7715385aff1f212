import type { ForwardedQuestion } from "./_questions.ts";

type Keyed<Value> = Readonly<Record<string, Value>>;

/** The names of a server's questions on their way to the client, over all rounds of one call. */
export interface Keys {
  /** A key that was there in an earlier round becomes another, so that no answer counts for a later question. */
  give(questions: Keyed<ForwardedQuestion>): Keyed<ForwardedQuestion>;
  /** Answers to what was given last, by the server's own keys. */
  takeBack<Answer>(answers: Keyed<Answer>): Keyed<Answer>;
}

export function createKeys(): Keys {
  const used = new Set<string>();
  let originals = new Map<string, string>();
  const rename = (key: string): string => {
    let name = key;
    for (let count = 2; used.has(name); count += 1) name = `${key}_${count}`;
    used.add(name);
    originals.set(name, key);
    return name;
  };
  return {
    give(questions) {
      originals = new Map();
      return Object.fromEntries(
        Object.entries(questions).map(([key, question]) => [rename(key), question] as const),
      );
    },
    takeBack: (answers) =>
      Object.fromEntries(
        Object.entries(answers).map(([name, answer]) => [originals.get(name) ?? name, answer] as const),
      ),
  };
}
