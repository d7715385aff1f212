import type { JobRequirements } from "@parley/core";
import { anyOf, fabrics, infinibandGrades, termReader } from "../../vocabulary/index.ts";
import { union } from "../draft.ts";
import type { Outcome } from "../marks.ts";
import type { Hit, Rule } from "../mask.ts";
import { amount, bound, fresh, readAmount } from "../quantity.ts";

type Network = NonNullable<JobRequirements["network"]>;

const fabric = anyOf(fabrics);
const nameOf = termReader(fabrics);
const grade = Object.keys(infinibandGrades)
  .toSorted((a, b) => b.length - a.length)
  .join("|");
const net =
  "(?:networks?|networking|interconnects?|fabrics?|links?|bandwidth|connection|connectivity|nics?|ports?|adapters?|throughput)";
const soft = "(ideally|preferably|if possible|would like|nice to have|optionally)";
const lead = `(?:(?:${soft},? )?(?:(?:with|over|using|on|via|and|has|have|needs?|requires?|having|or) ){0,2}(?:an? |the )?(?:good |fast )?)?`;
const rule = (name: string, pattern: string, read: Rule["read"]): Rule => ({
  name,
  pattern: new RegExp(pattern, "g"),
  read,
});

function fillNetwork(hit: Hit, fields: Network): Outcome {
  const { draft } = hit.reading;
  const known = draft.network ?? {};
  if (known.minGbps !== undefined && fields.minGbps !== undefined && known.minGbps !== fields.minGbps)
    return "refused";
  const joined = { ...known, ...fields };
  if (fields.fabrics) joined.fabrics = union(known.fabrics, fields.fabrics);
  draft.network = joined;
  return { path: "network" };
}

const importance = (words: string | undefined, behind: string | undefined): Network =>
  words === undefined && behind === undefined ? {} : { importance: "preferred" };
const after =
  "(?: ((?:is )?(?:preferred|optional)|if possible|if available|would be nice|would be great|is a plus))?";

/** How nodes are connected. */
export const networkRules: readonly Rule[] = [
  rule(
    "network does not matter",
    `(?:the )?(?:network |interconnect )?${net}(?: speed| performance)? (?:(?:does not|doesn't|do not|don't) (?:really )?matter|is(?: not|n't) (?:important|relevant|critical)|is (?:irrelevant|unimportant|not an issue|of no importance)|not important)(?: (?:at all|to me))?|(?:do not|don't) care about (?:the )?${net}|no (?:special|particular|fast) ${net}(?: (?:needed|required|necessary))?`,
    (hit) => fillNetwork(hit, { importance: "ignore" }),
  ),
  rule(
    "infiniband grade",
    `${lead}(?<![\\w-])(?:(infiniband|ib|mellanox|nvidia|quantum-?2?) )?(${grade})(?:[- ](?:infiniband|ib|hca|quantum))?(?:[- ]?${net})?(?: or (?:better|faster|newer))?(?![\\w-])${after}`,
    (hit) =>
      fillNetwork(hit, {
        fabrics: ["infiniband"],
        minGbps: infinibandGrades[hit.groups[3] ?? ""] ?? 1,
        ...importance(hit.groups[1], hit.groups[4]),
      }),
  ),
  rule(
    "network speed",
    `${lead}(?:(?:${bound}) ?)?${fresh}(${amount}) ?-?(?:(gbit/s|gb/s|gbps|gbits?|gib/s|gigabits?(?: per second)?|gb?e|gb(?= (?:ethernet|infiniband|ib|network|interconnect))|g(?= (?:ethernet|infiniband|ib|network|interconnect|roce|slingshot|link|nic)))|(mbps|mbit/s|mb/s|megabits?(?: per second)?)|(tbps|tbit/s|tb/s))(?![\\w])(?:[- ](?:per second|of|or better|or faster|or more|class)){0,2}(?: ?(${fabric}|ib)(?![\\w-]))?(?:[- ]?${net})?(?: or (?:better|faster|more|higher))?${after}`,
    readSpeed,
  ),
  rule(
    "fabric",
    `${lead}(?<![\\w./-])(${fabric}|ib)(?:[- ]?1[01])?(?![\\w/-]|\\.\\w)(?:[- ]${net})?(?: support)?${after}`,
    (hit) => {
      const name = hit.groups[2] === "ib" ? "infiniband" : nameOf(hit.groups[2] ?? "");
      return name === undefined
        ? undefined
        : fillNetwork(hit, { fabrics: [name], ...importance(hit.groups[1], hit.groups[3]) });
    },
  ),
  rule(
    "rdma",
    `${lead}(?<![\\w-])(?:gpu-?direct )?rdma(?:[- ](?:capable|enabled|support|${net})){0,2}(?![\\w-])${after}`,
    (hit) => fillNetwork(hit, { rdma: true, ...importance(hit.groups[1], hit.groups[2]) }),
  ),
  rule(
    "a good network",
    `(?:(?:with|over|using|on|and|needs?|requires?|has|have|a|an|the|very|really) ){0,4}(?:fast|good|high[- ](?:speed|performance|bandwidth|end)|low[- ]latency|decent|strong|great|excellent|quick|tight)(?:,? (?:and )?(?:high[- ]bandwidth|low[- ]latency|fast))?,? ${net}(?![\\w-])`,
    (hit) =>
      hit.reading.draft.network?.importance === undefined &&
      !hit.reading.draft.network?.fabrics &&
      hit.reading.draft.network?.minGbps === undefined
        ? fillNetwork(hit, { importance: "preferred" })
        : { path: "network" },
  ),
];

function readSpeed(hit: Hit): Outcome {
  const [words = "", wish, number, gigabits, megabits, , named, behind] = hit.groups;
  const value = readAmount(number);
  if (value === undefined) return "refused";
  const factor = gigabits === undefined ? (megabits === undefined ? 1000 : 0.001) : 1;
  const ethernet = gigabits !== undefined && /^gb?e$/.test(gigabits) ? ["ethernet"] : undefined;
  const kind = named === undefined ? undefined : named === "ib" ? "infiniband" : nameOf(named);
  const storage = /^ ?(?:of )?(?:read|write|storage|disk|i\/o|io)\b/.test(
    hit.reading.work.slice(hit.end, hit.end + 12),
  );
  if (storage || (gigabits === "gbit" && words === "")) return "refused";
  const kinds = kind === undefined ? ethernet : [kind];
  return fillNetwork(hit, {
    minGbps: value * factor,
    ...(kinds ? { fabrics: kinds } : {}),
    ...importance(wish, behind),
  });
}
