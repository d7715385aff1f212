import { anyOf, fileSystems, termReader } from "../../vocabulary/index.ts";
import { addStorage } from "../draft.ts";
import type { Outcome } from "../marks.ts";
import { spelling, type Hit, type Rule } from "../mask.ts";
import { bound, fresh } from "../quantity.ts";
import { size, toGibibytes } from "../sizes.ts";

const system = anyOf(fileSystems);
const nameOf = termReader(fileSystems);
const local =
  "(?:fast )?(?:(?:node[- ])?local|nvme|ssd|on-node|node)(?:[- ](?:nvme|ssd))?(?:[- ](?:scratch|disk(?: space)?|storage|drives?|ssd|nvme|space))|nvme|local nvme|local ssd|burst buffers?|ssds?";
const parallel = "parallel (?:file ?systems?|storage|fs|scratch|disk)";
const generic =
  "(?:shared |free |fast |temporary |temp |project |persistent |disk |network |high[- ]performance )*?(?:scratch(?: (?:space|storage|disk))?|(?:disk|storage)(?: space)?|hard (?:disk|drive)|file ?systems?|space)";
const kinds = `${parallel}|${system}|${local}|${generic}`.replace("*?", "{0,2}");
const path = "(/[\\w./+@-]{1,255}[\\w/])";

/** The kind a storage word stands for; plain storage has none. */
function kindOf(words: string): string | undefined {
  const named = nameOf(words) ?? fileSystems.find((entry) => words.startsWith(entry.name))?.name;
  if (named !== undefined) return named;
  if (words.startsWith("parallel")) return "parallel";
  if (/local|nvme|ssd|on-node|^node|burst/.test(words)) return "local-scratch";
  if (words === "home") return "home";
  return /scratch/.test(words) ? "scratch" : undefined;
}

function add(
  hit: Hit,
  item: { words: string; minFreeGb: number | undefined; path: string | undefined },
): Outcome {
  const kind = kindOf(item.words.trim());
  const preferred = /^(?:ideally|preferably|if possible)/.test(hit.groups[0] ?? "");
  return addStorage(hit.reading.draft, {
    ...(kind === undefined ? {} : { kind }),
    ...(item.minFreeGb === undefined ? {} : { minFreeGb: item.minFreeGb }),
    ...(item.path === undefined ? {} : { path: item.path }),
    ...(preferred ? { importance: "preferred" as const } : {}),
  });
}

const behind = `(?: (?:for|as) (?:the )?(?:scratch|data|input|output|i/o|io|checkpoints|storage|results)(?: (?:files|space|data))?| file ?systems?| storage| mounts?| mounted)?`;

/** Where data lives and how much room it needs. */
export const storageRules: readonly Rule[] = [
  {
    name: "storage does not matter",
    pattern:
      /(?:storage|disk(?: space)?|file ?system) (?:(?:does not|doesn't|do not) matter|is (?:not important|irrelevant|unimportant)|not important)(?: (?:at all|to me))?/g,
    read: ({ reading }) => addStorage(reading.draft, { importance: "ignore" }),
  },
  {
    name: "alternative storage",
    pattern: new RegExp(`(?<![\\w-])(?:either )?(?:${system}),? or (?:${system})(?![\\w-])`, "g"),
    read: () => "refused",
  },
  {
    name: "sized storage",
    pattern: new RegExp(
      `(?:(?:ideally|preferably|with|and|needs?|it needs) )?(?:about )?(?:(?:${bound}) ?)?${fresh}${size}\\+?(?: or more)?(?: (?:free|available|worth))?(?: of)?(?: (?:free|available|fast|shared|temporary|temp|at least|usable))?[- ](?:space |room |storage )?(?:on |in )?(?:a |an |the |its |my )?(${kinds}|home)(?![\\w-])(?: (?:storage|file ?system)(?![\\w-]))?(?: (?:free|available|space|on ${path}|at ${path}))?`,
      "g",
    ),
    read: (hit) => {
      const minFreeGb = toGibibytes(hit.groups[1], hit.groups[2]);
      const at = hit.groups[4] === undefined ? (hit.groups[5] === undefined ? undefined : 5) : 4;
      if (minFreeGb === undefined) return "refused";
      return add(hit, { words: hit.groups[3] ?? "", minFreeGb, path: at && spelling(hit, at) });
    },
  },
  {
    name: "storage of a size",
    pattern: new RegExp(
      `(?:(?:a|an|the|with|and) )?(?<![\\w-])(${kinds})(?: space| storage| quota| file ?system)?(?: (?:of|with|having|size|requirement)|:|=|(?= ?\\d))(?: of)? ?(?:(?:${bound}) ?)?${fresh}${size}(?: (?:free|available|or more|space))?(?![\\w-])`,
      "g",
    ),
    read: (hit) => {
      const minFreeGb = toGibibytes(hit.groups[2], hit.groups[3]);
      return minFreeGb === undefined
        ? "refused"
        : add(hit, { words: hit.groups[1] ?? "", minFreeGb, path: undefined });
    },
  },
  {
    name: "room on a path",
    pattern: new RegExp(
      `(?:with |and |needs? )?(?:(?:${bound}) ?)?${fresh}${size}(?: (?:free|available|of space|space|of room|room))?(?: (?:available|free|space))? (?:on|in|under|at) ${path}(?: free| available)?`,
      "g",
    ),
    read: (hit) => {
      const minFreeGb = toGibibytes(hit.groups[1], hit.groups[2]);
      return minFreeGb === undefined ? "refused" : add(hit, { words: "", minFreeGb, path: spelling(hit, 3) });
    },
  },
  {
    name: "path of a size",
    pattern: new RegExp(
      `(?<![\\w])${path} (?:with|having|of)(?: at least)? ${fresh}${size}(?: (?:free|available|or more))?(?: (?:per|on each|on every) node)?(?![\\w-])`,
      "g",
    ),
    read: (hit) => {
      const minFreeGb = toGibibytes(hit.groups[2], hit.groups[3]);
      return minFreeGb === undefined ? "refused" : add(hit, { words: "", minFreeGb, path: spelling(hit, 1) });
    },
  },
  {
    name: "path",
    pattern: new RegExp(
      `(?<![\\w])(?:(?:(?:my |the |our )?(?:data|inputs?|files|dataset)(?: files?)? )?(?:is |are )?(?:in|on|under|at|from|to|with access to|access to|mounted at|reads?(?: from)?|writes?(?: to)?) )(?:the )?${path}(?: mounted| available)?(?![\\w/])`,
      "g",
    ),
    read: (hit) => addStorage(hit.reading.draft, { path: spelling(hit, 1) }),
  },
  {
    name: "free room",
    pattern: new RegExp(
      `(?:(?:${bound}) ?)?${fresh}${size}(?: of)? (?:free|disk|quota|free space|of space)(?![\\w-])`,
      "g",
    ),
    read: (hit) => {
      const minFreeGb = toGibibytes(hit.groups[1], hit.groups[2]);
      return minFreeGb === undefined ? "refused" : add(hit, { words: "", minFreeGb, path: undefined });
    },
  },
  {
    name: "storage kind",
    pattern: new RegExp(
      `(?:(?:ideally|preferably|if possible|with|on|using|has|have|over|and|access to|backed by|mounted),? ){0,2}(?:an? |the |some )?(?<![\\w/-])(${parallel}|${system}|${local}|scratch(?: (?:space|storage|file ?system))?)(?![\\w-])${behind}(?: (?:at|on|under) ${path})?`,
      "g",
    ),
    read: (hit) => {
      if (
        /scratch/.test(hit.groups[1] ?? "") &&
        /from scratch/.test(hit.reading.work.slice(Math.max(0, hit.start - 5), hit.end))
      )
        return undefined;
      return add(hit, {
        words: hit.groups[1] ?? "",
        minFreeGb: undefined,
        path: hit.groups[2] && spelling(hit, 2),
      });
    },
  },
];
