import {
  applications,
  numberWords,
  requirementWords,
  stopWords,
  everydayNames,
} from "../vocabulary/index.ts";

/** The words that carry a requirement's unit or subject, as people misspell them. */
const nouns =
  `node nodes core cores day hour hours minute minutes second seconds days weeks memory ranks tasks threads processes processors gigabytes terabytes
machine machines cluster single container docker infiniband ethernet network storage scratch partition account deadline walltime budget exclusive
cheapest fastest nvidia cuda openmpi without tomorrow quantum gpus cpus`.split(/\s+/);
/** Correct words that one slip would turn into one of the nouns or names. */
const correct = new Set(
  "openmp openmpi night nights slang chore chores corge plumbed megaton mtest cplus cauda gps cups gus das".split(
    " ",
  ),
);
const longEnough = 4;

const names = applications
  .flatMap(({ name, aliases }) => [name, ...aliases])
  .filter((name) => /^[a-z]{6,20}$/.test(name) && !everydayNames.has(name));
const known = new Set([
  ...nouns,
  ...correct,
  ...stopWords,
  ...requirementWords,
  ...Object.keys(numberWords),
  ...applications.flatMap(({ name, aliases, binaries }) => [name, ...aliases, ...binaries]),
]);

const without = (word: string, index: number): string => word.slice(0, index) + word.slice(index + 1);
const swapped = (word: string, index: number): string =>
  `${word.slice(0, index)}${word.charAt(index + 1)}${word.charAt(index)}${word.slice(index + 2)}`;

/** Every spelling with one inner letter missing or two inner neighbours swapped, and the word it stands for. */
const slips = new Map<string, string | undefined>();
for (const word of [...nouns, ...names]) {
  for (let index = 1; index < word.length; index += 1) {
    const last = index === word.length - 1;
    for (const slip of last ? [] : [without(word, index), swapped(word, index)]) {
      const taken = slips.has(slip) && slips.get(slip) !== word;
      slips.set(slip, taken ? undefined : word);
    }
  }
}
const targets = new Set([...nouns, ...names]);

/**
 * The word a misspelling stands for: one letter missing, doubled or too many, or two neighbours swapped, never the
 * first letter and never one letter for another, which makes other real words. Words of up to three letters are
 * only corrected behind a number.
 */
export function correctSpelling(word: string, counted: boolean): string | undefined {
  if (known.has(word) || word.length > 24 || (word.length < longEnough && !counted)) return undefined;
  const slip = slips.get(word);
  if (slip !== undefined) return word.length > longEnough || counted ? slip : undefined;
  if (word.length <= longEnough) return undefined;
  for (let index = 1; index < word.length; index += 1) {
    const shorter = without(word, index);
    const doubled = word.charAt(index) === word.charAt(index - 1);
    if (targets.has(shorter) && (index < word.length - 1 || doubled)) return shorter;
  }
  return undefined;
}
