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
  });
