import type { Draft } from "./draft.ts";
import { createDraft } from "./draft.ts";
import { moduleLoads } from "./variables/modules.ts";
import { readOptions } from "./script/options.ts";
import type { OptionRules } from "./script/options.ts";
import { splitScript } from "./script/split.ts";
import type { DirectiveRules, ScriptParts } from "./script/split.ts";

/** A scheduler that takes its options from comments of a script. */
export interface ScriptReader {
  readonly directives: DirectiveRules;
  readonly options: OptionRules;
  /** What can be told only when all options are known. */
  readonly finish?: ((draft: Draft) => void) | undefined;
}

/** Puts shebang, body and the modules it loads into a draft. */
export function readBody(draft: Draft, parts: Pick<ScriptParts, "interpreter" | "body">): void {
  if (parts.interpreter !== undefined) {
    draft.at({ directive: "#!", line: 1, value: parts.interpreter });
    draft.set("interpreter", parts.interpreter);
  }
  draft.at({ directive: "script", value: "" });
  draft.set("script", parts.body);
  const modules = moduleLoads(parts.body);
  if (modules.length > 0) draft.set("modules", modules);
}

/** Reads a script into a draft. */
export function readScript(text: string, reader: ScriptReader): Draft {
  const draft = createDraft();
  const parts = splitScript(text, reader.directives);
  readBody(draft, parts);
  readOptions(parts.directives, reader.options, draft);
  reader.finish?.(draft);
  for (const { line, text: value } of parts.stray) {
    draft.at({ directive: value.trim().split(/[\s=]/)[0] ?? "", line, value: value.trim() });
    draft.lose({ why: "not a directive", note: "The scheduler stopped reading above: it stays a comment." });
  }
  return draft;
}
