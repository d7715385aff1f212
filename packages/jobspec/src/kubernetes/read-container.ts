import type { BatchJob } from "../batch-job.ts";
import type { Draft } from "../draft.ts";
import { readQuantity } from "../fields/memory.ts";
import { addVariable, asText } from "../fields/readers.ts";
import { fieldsAt, itemsOf, textOf } from "../jobspec/json.ts";
import { readBody } from "../read-script.ts";
import { tidyBody } from "../script/split.ts";
import { inlineFlag } from "./command.ts";
import { expandCommand } from "./expand.ts";
import { names } from "./names.ts";
import type { Walk } from "./walk.ts";

function readWords(words: readonly string[], draft: Draft): void {
  const at = words.findIndex((word) => word === "-c" || word === "-e" || /^-[a-z]*c$/.test(word));
  const interpreter = words.slice(0, at).join(" ");
  const script = words[at + 1];
  if (at < 1 || script === undefined || words.length > at + 2 || inlineFlag(interpreter) === undefined) {
    draft.set("command", [...words]);
    return;
  }
  const flags = (words[at] ?? "").replace(/[ce]$/, "");
  readBody(draft, {
    interpreter: flags === "-" ? interpreter : `${interpreter} ${flags}`,
    body: tidyBody(script.split("\n")),
  });
}

function readCommand(words: readonly string[], draft: Draft): void {
  const expanded = words.map(expandCommand);
  const references = expanded.flatMap(({ references: found }) => found);
  if (references.length > 0) {
    const note = `Kubernetes fills in ${references.join(", ")}; a shell runs them as commands.`;
    draft.lose({ why: "approximated", field: "command", note });
  }
  readWords(
    expanded.map(({ text }) => text),
    draft,
  );
}

function readVariable(each: unknown, draft: Draft): void {
  const { name, value, valueFrom } = fieldsAt(each);
  if (valueFrom !== undefined) {
    const note = `The value of ${textOf(name)} comes from the cluster: it is not carried.`;
    draft.lose({ why: "no counterpart", field: "environment", note });
  } else addVariable(`${textOf(name)}=${expandCommand(textOf(value ?? "")).text}`, draft);
}

function readResources(value: unknown, draft: Draft): void {
  const amounts = { ...fieldsAt(value, "limits"), ...fieldsAt(value, "requests") };
  for (const [name, text] of Object.entries(amounts)) {
    const amount = readQuantity(String(text));
    if (amount === undefined)
      draft.lose({ why: "unknown", note: `${name}: ${String(text)} is no quantity.` });
    else if (name === "cpu") readCores(amount, draft);
    else if (name === "memory") draft.set("memoryBytesPerNode", Math.ceil(amount));
    else if (/^(?:nvidia|amd|intel)\.com\/(?:gpu|i915|xe)$/.test(name)) readGpus(name, amount, draft);
    else draft.lose({ why: "no counterpart", note: `The resource ${name} is not carried.` });
  }
}

function readCores(amount: number, draft: Draft): void {
  draft.set("cpusPerTask", Math.max(1, Math.ceil(amount)));
  if (!Number.isInteger(amount)) {
    draft.lose({ why: "approximated", field: "cpusPerTask", note: "A part of a core became a whole one." });
  }
}

function readGpus(name: string, amount: number, draft: Draft): void {
  const field = "gpusPerNode" satisfies keyof BatchJob;
  if (amount >= 1) draft.set(field, amount);
  if (name !== names.gpu)
    draft.lose({ why: "approximated", field, note: `That it is ${name} is not carried.` });
}

/** Reads the container that does the work. */
export function readContainer(container: Walk, draft: Draft): void {
  const words: string[] = [];
  container.take("image", (value) => asText("containerImage")(String(value), draft));
  container.take("command", (value) => words.push(...itemsOf(value).map(String)));
  container.take("args", (value) => words.push(...itemsOf(value).map(String)));
  if (words.length > 0) readCommand(words, draft);
  container.take("workingDir", (value) => asText("workingDirectory")(String(value), draft));
  container.take("env", (value) => {
    for (const each of itemsOf(value)) readVariable(each, draft);
  });
  container.take("resources", (value) => readResources(value, draft));
  container.take("name", () => undefined);
  container.leaveRest("No part of a batch job elsewhere.");
}
