import { splitWords } from "../script/words.ts";
import { fieldsAt, isFields, itemsOf } from "./json.ts";
import type { Fields } from "./json.ts";
import { requireJobspec } from "./require.ts";

const vertexOrder = ["type", "count", "unit", "id", "exclusive", "label", "with"];

/** A single number for a set that has one, the object without what is its default otherwise. */
function countOf(count: unknown): unknown {
  if (typeof count === "string" && /^\d+$/.test(count)) return Number(count);
  if (isFields(count) && count["max"] === count["min"] && count["min"] !== undefined) return count["min"];
  return count;
}

function vertexOf(vertex: unknown, inSlot: boolean): Fields {
  const fields = fieldsAt(vertex);
  const slot = fields["type"] === "slot";
  const children = itemsOf(fields["with"]);
  const usual = slot || inSlot;
  const entries = vertexOrder.flatMap((key): [string, unknown][] => {
    if (key === "with")
      return children.length === 0 ? [] : [[key, children.map((each) => vertexOf(each, usual))]];
    if (key === "exclusive" && fields[key] === usual) return [];
    if (fields[key] === undefined) return [];
    return [[key, key === "count" ? countOf(fields[key]) : fields[key]]];
  });
  return Object.fromEntries(entries);
}

function taskOf(task: unknown): Fields {
  const { command, slot, count, distribution, attributes } = fieldsAt(task);
  return {
    command: typeof command === "string" ? splitWords(command, 1) : command,
    slot,
    count,
    ...(distribution === undefined ? {} : { distribution }),
    ...(isFields(attributes) && Object.keys(attributes).length > 0 ? { attributes } : {}),
  };
}

const filled = (value: unknown): boolean => !(isFields(value) && Object.keys(value).length === 0);

function attributesOf(value: unknown): Fields {
  const system = fieldsAt(value, "system");
  const user = fieldsAt(value, "user");
  // An empty environment says something: that the job gets none.
  const rest = Object.entries(system).filter(
    ([key, each]) => key !== "duration" && (key === "environment" || filled(each)),
  );
  const sorted = rest.toSorted(([left], [right]) => (left < right ? -1 : 1));
  return {
    system: {
      duration: typeof system["duration"] === "number" ? system["duration"] : 0,
      ...Object.fromEntries(sorted),
    },
    ...(filled(user) ? { user } : {}),
  };
}

/**
 * Brings a jobspec into one form: a command as a list, a range of one number as that number, defaults of
 * `exclusive` and empty objects left out, `duration` said, keys in the order of the RFCs.
 * @throws ParleyError `E_JOBSPEC_INVALID` when it is not valid.
 */
export function normaliseJobspec(value: unknown): Record<string, unknown> {
  const jobspec = requireJobspec(value);
  return {
    version: jobspec["version"],
    resources: itemsOf(jobspec["resources"]).map((each) => vertexOf(each, false)),
    tasks: itemsOf(jobspec["tasks"]).map(taskOf),
    attributes: attributesOf(jobspec["attributes"]),
  };
}
