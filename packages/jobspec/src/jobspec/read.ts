import { createDraft } from "../draft.ts";
import type { Draft } from "../draft.ts";
import { readBody } from "../read-script.ts";
import { tidyBody } from "../script/split.ts";
import { splitWords } from "../script/words.ts";
import { fieldsAt, itemsOf } from "./json.ts";
import type { Fields } from "./json.ts";
import { parseJobspec } from "./parse.ts";
import { readAttributes } from "./read-attributes.ts";
import { readResources } from "./read-resources.ts";
import { requireJobspec } from "./require.ts";

/** The script of a batch job, which the file archive of RFC 37 carries. */
function scriptOf(jobspec: Fields): string | undefined {
  const { script } = fieldsAt(jobspec, "attributes", "system", "files");
  const { data, encoding } = fieldsAt(script);
  if (typeof script === "string") return script;
  return typeof data === "string" && (encoding === undefined || encoding === "utf-8") ? data : undefined;
}

function readCommand(jobspec: Fields, draft: Draft): void {
  const [task] = itemsOf(jobspec["tasks"]);
  const { command } = fieldsAt(task);
  const words = typeof command === "string" ? splitWords(command, 1) : itemsOf(command).map(String);
  const script = scriptOf(jobspec);
  draft.at({ directive: "/tasks/0/command", value: words.join(" ") });
  if (script === undefined || !words.some((word) => word.endsWith("{{tmpdir}}/script"))) {
    draft.set("command", words);
    return;
  }
  const [first = "", ...lines] = script.split("\n");
  const interpreter = /^#!\s*(.+?)\s*$/.exec(first)?.[1];
  readBody(draft, { interpreter, body: tidyBody(interpreter === undefined ? [first, ...lines] : lines) });
}

/**
 * Reads a jobspec, version 1 or canonical, JSON or YAML.
 * @see Flux RFC 14, 25, 26, 31, 37
 */
export function readFluxJobspec(text: string): Draft {
  const jobspec = requireJobspec(parseJobspec(text));
  const draft = createDraft();
  readResources(jobspec, draft);
  readAttributes(jobspec, draft);
  readCommand(jobspec, draft);
  return draft;
}
