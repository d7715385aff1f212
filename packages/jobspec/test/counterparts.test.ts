import { readFileSync } from "node:fs";
import { counterparts, dialects } from "@parley/jobspec";
import { expect, test } from "vitest";

const signs = { exact: "+", approximated: "~", none: "-" } as const;

test("[JSP-13] the matrix of the README is what the writers do", () => {
  const rows = counterparts()
    .filter(({ field }) => field !== "modules")
    .map((row) =>
      `${row.field.padEnd(18)} ${dialects.map((dialect) => signs[row.in[dialect]].padEnd(6)).join("")}`.trimEnd(),
    );
  const names = new Map([
    ["flux-jobspec", "spec"],
    ["kubernetes", "k8s"],
    ["torque", "torq"],
    ["cobalt", "coba"],
  ]);
  const columns = dialects.map((each) => (names.get(each) ?? each).padEnd(6));
  const head = `${"field".padEnd(18)} ${columns.join("")}`.trimEnd();
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  expect(readme).toContain([head, ...rows].join("\n"));
});
