import type { Draft } from "../draft.ts";
import { splitHosts } from "../fields/hosts.ts";

/** Reads a constraint of RFC 35: `a,b`, `host:n[1-2]`, `-host:n3`, several joined by `&` or a blank. */
export function readRequires(text: string, draft: Draft): void {
  if (/[|()]/.test(text)) {
    draft.lose({ why: "no counterpart", field: "constraints", note: "Only what must all hold is carried." });
    return;
  }
  for (const term of text.split(/\s*&+\s*|\s+(?:and\s+)?/)) {
    const [, minus, operator = "properties", values = ""] = /^(-|not:)?(?:([\w-]+):)?(.+)$/.exec(term) ?? [];
    const hosts = operator === "host" || operator === "hostlist";
    if (hosts) {
      const list = splitHosts(values);
      draft.add(minus === undefined ? "nodelist" : "excludeNodes", (before = []) => [...before, ...list]);
    } else if (minus === undefined && operator === "properties" && !values.includes("^")) {
      draft.add("constraints", (before = []) => [...before, ...values.split(",")]);
    } else
      draft.lose({
        why: "no counterpart",
        field: "constraints",
        note: `The condition ${term} is not carried.`,
      });
  }
}
