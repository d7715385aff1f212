import { Dependency } from "../batch-job.ts";
import type { Draft } from "../draft.ts";
import { addDependency } from "../fields/dependency.ts";
import { asText } from "../fields/readers.ts";
import { asPath } from "../flux/text.ts";
import { signalName } from "../oar/signals.ts";
import { fieldsAt, isFields, itemsOf, textOf } from "./json.ts";
import type { Fields } from "./json.ts";

const system = "/attributes/system";

function readConstraint(value: unknown, draft: Draft): void {
  const [operator = "", operands] = Object.entries(fieldsAt(value))[0] ?? [];
  const items = itemsOf(operands);
  const words = items.filter((each) => typeof each === "string");
  const [first] = items;
  if (operator === "and") for (const each of items) readConstraint(each, draft);
  else if (operator === "properties" && !words.some((word) => word.startsWith("^"))) {
    draft.add("constraints", (before = []) => [...before, ...words]);
  } else if (operator === "hostlist") draft.add("nodelist", (before = []) => [...before, ...words]);
  else if (operator === "not" && items.length === 1 && isFields(first) && first["hostlist"] !== undefined) {
    const hosts = itemsOf(first["hostlist"]).filter((each) => typeof each === "string");
    draft.add("excludeNodes", (before = []) => [...before, ...hosts]);
  } else
    draft.lose({
      why: "no counterpart",
      field: "constraints",
      note: `The operator ${operator} is not carried.`,
    });
}

function readDependency(each: unknown, draft: Draft): void {
  const { scheme, value } = fieldsAt(each);
  if (scheme === "begin-time") {
    const at = new Date(Number(value) * 1000);
    if (Number.isNaN(at.getTime())) return;
    draft.set("begin", { at: at.toISOString().slice(0, 19) });
    draft.lose({
      why: "approximated",
      field: "begin",
      note: "The time is in UTC: sites count in their own.",
    });
    return;
  }
  const parsed = Dependency.safeParse(
    scheme === "singleton" ? { condition: scheme } : { condition: scheme, jobs: [value] },
  );
  if (parsed.success) addDependency(parsed.data, draft);
  else
    draft.lose({
      why: "no counterpart",
      field: "dependencies",
      note: `The scheme ${String(scheme)} is not carried.`,
    });
}

function readEnvironment(value: Fields, draft: Draft): void {
  const variables = Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
  const some = Object.keys(variables).length > 0;
  draft.set("environment", { inherit: "none", ...(some ? { variables } : {}) });
  if (Object.values(value).includes(null)) {
    draft.lose({ why: "no counterpart", field: "environment", note: "Unsetting a variable is not carried." });
  }
}

function readShellOptions(options: Fields, draft: Draft): void {
  for (const [key, value] of Object.entries(options)) {
    draft.at({ directive: `${system}/shell/options/${key}`, value: JSON.stringify(value) ?? "" });
    if (key === "output") {
      for (const [stream, field] of [
        ["stdout", "output"],
        ["stderr", "error"],
      ] as const) {
        const { path } = fieldsAt(value, stream);
        if (typeof path === "string") asPath(field)(path, draft);
      }
    } else if (key === "input") {
      const { path } = fieldsAt(value, "stdin");
      if (typeof path === "string") asPath("input")(path, draft);
    } else if (key === "signal") {
      const { signum, timeleft } = fieldsAt(value);
      const secondsBefore = typeof timeleft === "number" ? timeleft : 60;
      draft.set("signal", { name: signalName(textOf(signum ?? "USR1")), secondsBefore });
    } else if (!(key === "per-resource" || key === "mpi")) {
      draft.lose({ why: "no counterpart", note: "An option of the job shell is not carried." });
    }
  }
}

const readers: Readonly<Record<string, (value: unknown, draft: Draft) => void>> = {
  duration: (value, draft) => {
    if (typeof value === "number" && value > 0) draft.set("walltimeSeconds", Math.ceil(value));
  },
  queue: (value, draft) => asText("queue")(String(value), draft),
  bank: (value, draft) => asText("account")(String(value), draft),
  cwd: (value, draft) => asText("workingDirectory")(String(value), draft),
  environment: (value, draft) => readEnvironment(fieldsAt(value), draft),
  constraints: (value, draft) => readConstraint(value, draft),
  dependencies: (value, draft) => {
    for (const each of itemsOf(value)) readDependency(each, draft);
  },
  shell: (value, draft) => readShellOptions(fieldsAt(value, "options"), draft),
  job: (value, draft) => {
    const { name, ...others } = fieldsAt(value);
    if (name !== undefined) asText("name")(textOf(name), draft);
    if (Object.keys(others).length > 0)
      draft.lose({ why: "no counterpart", note: "Only the name is carried." });
  },
  files: (value, draft) => {
    const others = Object.keys(fieldsAt(value)).filter((name) => name !== "script");
    if (others.length > 0)
      draft.lose({ why: "no counterpart", note: `Files are not carried: ${others.join(", ")}.` });
  },
};

/** Reads the attributes of a jobspec. */
export function readAttributes(jobspec: Fields, draft: Draft): void {
  for (const [key, value] of Object.entries(fieldsAt(jobspec, "attributes", "system"))) {
    draft.at({ directive: `${system}/${key}`, value: JSON.stringify(value) ?? "" });
    const read = Object.hasOwn(readers, key) ? readers[key] : undefined;
    if (read === undefined) draft.lose({ why: "no counterpart", note: "The attribute is not carried." });
    else read(value, draft);
  }
  const user = fieldsAt(jobspec, "attributes", "user");
  if (Object.keys(user).length === 0) return;
  draft.at({ directive: "/attributes/user", value: JSON.stringify(user) });
  draft.lose({ why: "no counterpart", note: "Attributes of the user's own are not carried." });
}
