import type { Draft } from "../draft.ts";
import { readMemory } from "../fields/memory.ts";

const unquoted = (text: string): string => text.trim().replaceAll(/^['"]|['"]$/g, "");

function readTerm(term: string, draft: Draft): void {
  const comparison = /^([\w.]+)\s*(==|!=|=)\s*(['"]?[\w./-]+['"]?)$/.exec(term);
  if (comparison === null) {
    const word = /^(?:defined\()?([A-Za-z]\w*)\)?$/.exec(term)?.[1];
    if (word !== undefined) draft.add("constraints", (before = []) => [...before, word]);
    else
      draft.lose({
        why: "no counterpart",
        field: "constraints",
        note: `The condition ${term} is not carried.`,
      });
    return;
  }
  const [, name = "", operator, quoted = ""] = comparison;
  const value = unquoted(quoted);
  if (name === "hname" || name === "hostname") {
    draft.add(operator === "!=" ? "excludeNodes" : "nodelist", (before = []) => [...before, value]);
  } else if (operator === "!=") {
    draft.lose({
      why: "no counterpart",
      field: "constraints",
      note: `What must not be (${term}) is not carried.`,
    });
  } else if (!(name === "type" && value === "any")) {
    draft.add("constraints", (before = []) => [...before, `${name}=${value}`]);
  }
}

function readSelect(text: string, draft: Draft): void {
  if (text.includes("||")) {
    const note = "Only conditions that must all hold are carried (&&).";
    draft.lose({ why: "no counterpart", field: "constraints", note });
    return;
  }
  for (const term of text.split("&&").map((each) => each.trim())) if (term !== "") readTerm(term, draft);
}

function readSpan(text: string, draft: Draft): void {
  for (const part of text.split(":")) {
    const [name, value = ""] = part.split("=");
    if (name === "hosts" && value === "1") draft.set("nodes", 1);
    else if (name === "ptile" && /^\d+$/.test(value)) draft.set("tasksPerNode", Number(value));
    else draft.lose({ why: "no counterpart", note: `span[${part}] is not carried.` });
  }
}

const memoryFields = {
  host: "memoryBytesPerNode",
  task: "memoryBytesPerTask",
  job: "memoryBytes",
} as const;

function readUsage(part: string, draft: Draft): void {
  const match = /^([\w-]+)=([\d.]+[A-Za-z]*)(?:\/(host|task|job))?$/.exec(part);
  if (match === null) {
    draft.lose({ why: "no counterpart", note: `rusage[${part}] is not carried.` });
    return;
  }
  const [, name = "", value = "", per = "host"] = match;
  if (name === "mem") {
    const bytes = readMemory(value, "m");
    const field = per === "task" || per === "job" ? memoryFields[per] : memoryFields.host;
    draft.set(field, bytes);
  } else if (/^ngpus(?:_physical|_excl_\w+|_shared)?$/.test(name)) draft.set("gpusPerNode", Number(value));
  else if (/^(?:tmp|swp|duration|decay|r\d+\w|ut|pg|io|ls|it)$/.test(name) || !/^\d+$/.test(value)) {
    draft.lose({ why: "no counterpart", note: `rusage[${part}] is not carried.` });
  } else draft.add("licenses", (before = []) => [...before, { name, count: Number(value) }]);
}

function readAffinity(text: string, draft: Draft): void {
  const match = /^(?:core|thread)(?:\((\d+)\))?(.*)$/.exec(text);
  if (match === null) draft.lose({ why: "no counterpart", note: "This affinity is not carried." });
  else {
    draft.set("cpusPerTask", Number(match[1] ?? 1));
    if (match[2] !== "") draft.lose({ why: "no counterpart", note: "How cores are bound is not carried." });
  }
}

/** Reads the string of `-R`: `select[...] span[...] rusage[...] affinity[...]`, or a bare condition. */
export function readRequirement(text: string, draft: Draft): void {
  const place = draft.place();
  const sections = Array.from(text.matchAll(/(\w+)\[([^\]]*)\]/g));
  if (sections.length === 0) readSelect(text, draft);
  for (const [whole, name, content = ""] of sections) {
    draft.at({ ...place, directive: `-R ${name}`, value: whole });
    if (name === "select") readSelect(content, draft);
    else if (name === "span") readSpan(content, draft);
    else if (name === "rusage") for (const part of content.split(/[,:]/)) readUsage(part.trim(), draft);
    else if (name === "affinity") readAffinity(content, draft);
    else draft.lose({ why: "no counterpart", note: `${name}[...] is not carried.` });
  }
  if (/\|\||^\d+\*/.test(text.replaceAll(/\[[^\]]*\]/g, ""))) {
    draft.lose({ why: "approximated", note: "Alternatives and compound requirements are read as one." });
  }
}

/** Reads the string of `-gpu`: `num=2/task:gmodel=A100`. */
export function readGpu(text: string, draft: Draft): void {
  for (const part of text.split(":").filter((each) => each !== "-" && each !== "")) {
    const [name, value = ""] = part.split("=");
    const count = /^(\d+)(?:\/(host|task))?$/.exec(value);
    if (name === "num" && count !== null) {
      draft.set(count[2] === "task" ? "gpusPerTask" : "gpusPerNode", Number(count[1]));
    } else if (name === "gmodel") draft.set("gpuType", unquoted(value));
    else draft.lose({ why: "no counterpart", note: `How GPUs are shared (${part}) is not carried.` });
  }
  if (text === "-" || !text.includes("num=")) draft.set("gpusPerNode", 1);
}
