import type { Draft } from "../draft.ts";
import type { DirectiveLine } from "./split.ts";
import { splitWords } from "./words.ts";
import type { WordRules } from "./words.ts";

/** One option of a submission command. */
export interface Option {
  /** With their dashes: `-N`, `--nodes`. */
  readonly names: readonly string[];
  /** Whether a value follows; an optional one only as `--name=value`. */
  readonly takes: "value" | "optional" | "nothing";
  readonly read: (value: string, draft: Draft) => void;
}

/** How a scheduler reads its options. */
export interface OptionRules {
  readonly options: readonly Option[];
  /** LSF: one dash before long names, no `=`, no combined flags. */
  readonly oneDash?: boolean | undefined;
  /** Unique beginnings of long names are enough. */
  readonly abbreviates?: boolean | undefined;
  readonly words?: WordRules | undefined;
}

/** An option that is understood and has no field: reported, with the reason. */
export const unsaid = (names: readonly string[], takes: Option["takes"], note: string): Option => ({
  names,
  takes,
  read: (_value, draft) => draft.lose({ why: "no counterpart", note }),
});

interface Found {
  readonly option: Option | undefined;
  readonly name: string;
  readonly inline: string | undefined;
  /** More flags in the same word. */
  readonly rest?: string | undefined;
}

function findLong(word: string, rules: OptionRules): Found {
  const [name = word] = word.split("=", 1);
  const inline = word.includes("=") ? word.slice(name.length + 1) : undefined;
  const exact = rules.options.find(({ names }) => names.includes(name));
  if (exact !== undefined || rules.abbreviates !== true) return { option: exact, name, inline };
  const close = rules.options.filter(({ names }) => names.some((known) => known.startsWith(name)));
  return { option: close.length === 1 ? close[0] : undefined, name, inline };
}

function findShort(word: string, rules: OptionRules): Found {
  const exact = rules.options.find(({ names }) => names.includes(word));
  if (exact !== undefined) return { option: exact, name: word, inline: undefined };
  const name = word.slice(0, 2);
  const option = rules.options.find(({ names }) => names.includes(name));
  const tail = word.slice(2);
  if (tail === "" || option === undefined) return { option, name: option ? name : word, inline: undefined };
  if (option.takes === "nothing" && rules.oneDash !== true) {
    return { option, name, inline: undefined, rest: `-${tail}` };
  }
  return { option, name, inline: tail.replace(/^=/, "") };
}

const find = (word: string, rules: OptionRules): Found =>
  word.startsWith("--") ? findLong(word, rules) : findShort(word, rules);

function readWords(words: string[], context: { line: number; rules: OptionRules; draft: Draft }): void {
  const { line, rules, draft } = context;
  const word = words.shift() ?? "";
  if (!/^-[^\s]/.test(word)) {
    draft.at({ directive: word, line, value: word });
    draft.lose({ why: "unknown", note: "A word that belongs to no option." });
    return;
  }
  const { option, name, inline, rest } = find(word, rules);
  if (option === undefined) {
    const value = inline ?? (words[0]?.startsWith("-") === false ? (words.shift() ?? "") : "");
    draft.at({ directive: name, line, value });
    draft.lose({ why: "unknown", note: "No option that is known here: look it up before you rely on it." });
    return;
  }
  const value = inline ?? (option.takes === "value" ? words.shift() : undefined);
  draft.at({ directive: name, line, value: value ?? "" });
  if (option.takes === "value" && value === undefined) {
    draft.lose({ why: "unknown", note: "The option needs a value." });
  } else option.read(value ?? "", draft);
  if (rest !== undefined) words.unshift(rest);
}

/** Reads the options of directives into a draft. */
export function readOptions(directives: readonly DirectiveLine[], rules: OptionRules, draft: Draft): void {
  for (const { line, text } of directives) {
    const words = splitWords(text, line, rules.words);
    while (words.length > 0) readWords(words, { line, rules, draft });
  }
}
