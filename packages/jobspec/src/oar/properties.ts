import type { Draft } from "../draft.ts";

const hostNames = /^(?:host|network_address|node)$/i;
const unquoted = (text: string): string => text.trim().replaceAll(/^['"]|['"]$/g, "");

function readList(term: string, draft: Draft): boolean {
  const match = /^(\w+)\s+(not\s+)?in\s*\(([^)]*)\)$/i.exec(term);
  if (match === null || !hostNames.test(match[1] ?? "")) return false;
  const hosts = (match[3] ?? "").split(",").map(unquoted);
  draft.set(match[2] === undefined ? "nodelist" : "excludeNodes", hosts);
  return true;
}

function readTerm(term: string, draft: Draft): void {
  if (readList(term, draft)) return;
  const match = /^(\w+)\s*=\s*('[^']*'|"[^"]*"|[\w./-]+)$/.exec(term);
  if (match === null) {
    draft.lose({
      why: "no counterpart",
      field: "constraints",
      note: `The condition ${term} is not carried.`,
    });
    return;
  }
  const [, name = "", quoted = ""] = match;
  const value = unquoted(quoted);
  if (hostNames.test(name)) draft.set("nodelist", [value]);
  else if (name === "gpu_model") draft.set("gpuType", value);
  else
    draft.add("constraints", (before = []) => [...before, /^yes$/i.test(value) ? name : `${name}=${value}`]);
}

/** Reads the SQL condition of `-p`; only terms joined by AND are carried. */
export function readProperties(text: string, draft: Draft): void {
  if (/\bor\b/i.test(text.replaceAll(/'[^']*'|"[^"]*"/g, ""))) {
    draft.lose({
      why: "no counterpart",
      field: "constraints",
      note: "Only conditions joined by AND are carried.",
    });
    return;
  }
  for (const term of text.split(/\s+and\s+/i)) readTerm(term.trim(), draft);
}
