import type { Draft } from "../draft.ts";
import { readScript } from "../read-script.ts";
import type { Option } from "../script/options.ts";
import type { DirectiveRules } from "../script/split.ts";
import { qsubOptions } from "./options.ts";
import type { Qsub } from "./options.ts";
import { readJoin } from "./text.ts";

/** Where qsub and msub look. */
export const qsubDirectives: Readonly<Record<Qsub, DirectiveRules>> = {
  pbs: { sentinel: /^#PBS(?=\s)/, continues: true },
  torque: { sentinel: /^#PBS(?=\s)/, continues: true },
  moab: { sentinel: /^#(?:MSUB|PBS)(?=\s)/, continues: true },
};

/**
 * Reads a script for qsub (PBS Pro, Torque) or msub (Moab, which reads `#PBS` lines too).
 * @see man qsub of OpenPBS 23 and Torque 6, man msub of Moab 9
 */
export function readQsub(kind: Qsub, text: string): Draft {
  const place = /^#PBS\s.*\bplace=([\w:=]+)/m.exec(text)?.[1] ?? "";
  let join: string | undefined;
  const readsJoin: Option = {
    names: ["-j"],
    takes: "value",
    read: (value, draft) => {
      join = value;
      readJoin(value, draft);
    },
  };
  return readScript(text, {
    directives: qsubDirectives[kind],
    options: { options: [readsJoin, ...qsubOptions(kind, place)] },
    finish: (draft) => {
      if (draft.job.output === undefined || draft.job.error !== undefined || /^[oe]{2}$/.test(join ?? ""))
        return;
      draft.at({ directive: "-o", value: draft.job.output, line: draft.origins.get("output")?.line });
      const note = "Without -e or -j the error stream has a file of its own: here both go to the output.";
      draft.lose({ why: "approximated", field: "error", note });
    },
  });
}
