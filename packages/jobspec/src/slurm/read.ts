import type { Draft } from "../draft.ts";
import { readScript } from "../read-script.ts";
import type { DirectiveRules } from "../script/split.ts";
import { slurmFields } from "./options.ts";
import { slurmUnsaid } from "./unsaid.ts";

/** Where sbatch looks: `#SBATCH` and a blank, before the first command. */
export const slurmDirectives: DirectiveRules = { sentinel: /^#SBATCH(?=\s)/ };

const options = [...slurmFields, ...slurmUnsaid];

/**
 * Reads a script for sbatch.
 * @see man sbatch (22.05 to 26.05)
 */
export const readSlurm = (text: string): Draft =>
  readScript(text, {
    directives: slurmDirectives,
    options: { options, abbreviates: true, words: { slurm: true } },
    finish: (draft) => reportOthers(text, draft),
  });

/** sbatch reads directives of PBS and LSF too, anywhere in a script. */
function reportOthers(text: string, draft: Draft): void {
  if (/^#SBATCH\s.*--ignore-pbs\b/m.test(text)) return;
  for (const [index, line] of text.split("\n").entries()) {
    const directive = /^#(?:PBS|BSUB)(?=\s)/.exec(line)?.[0];
    if (directive === undefined) continue;
    draft.at({ directive, line: index + 1, value: line.slice(directive.length).trim() });
    const note = "sbatch reads this line too, unless --ignore-pbs is given: it is not carried.";
    draft.lose({ why: "no counterpart", note });
  }
}
