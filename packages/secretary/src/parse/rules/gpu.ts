import { fillCount, fillGpu, type Gpu } from "../draft.ts";
import { gpuFields, gpuName } from "../gpu-names.ts";
import { endingAt, type Hit, type Rule } from "../mask.ts";
import { bound, count, fresh, quantity, readAmount, readQuantity } from "../quantity.ts";
import { fillShare, gpuNode as node, readModels, shareOf, type Share } from "../gpu-share.ts";
import { size, toGibibytes } from "../sizes.ts";

const vendor = "nvidia|amd|intel";
const card = "gpus?|superchips?|graphics? cards?|accelerators?|video cards?|cards?|devices?|gcds?";
const vram = "v-?ram|(?:gpu|video|graphics|device|hbm) (?:memory|ram)|hbm[23]?e?|gpu-memory";
const gb = "(\\d{1,4}) ?-?(?:gb|gib|g)(?:i?b)?";
const names = `(?:${gpuName})s?`;
const model = `(?:(?:${vendor}) )?(?:tesla )?(${names}(?:(?:,? or |/|, )${names}){0,4})`;
const share = `(?: ?(?:(?:are )?(?:on|in|for) )?(per|each|every|an?|on each|in each|on every|/)(?: of (?:the|those|them))? ?((?:compute )?(?:${node})|(?:mpi )?ranks?|(?:mpi )?tasks?|process(?:es)?)(?![\\w-])|( each| apiece)(?! of))?`;
const rule = (name: string, pattern: string, read: Rule["read"]): Rule => ({
  name,
  pattern: new RegExp(pattern, "g"),
  read,
});

const vendorOf = (words: string | undefined): Partial<Gpu> =>
  words === undefined ? {} : (gpuFields(words) ?? {});

const counted = `${quantity(`(?:(?:x )?(?:(${vendor}) )?(?:(?:dedicated|modern|big|large|discrete|data ?cent(?:er|re)|free|full|identical|or more) )?(?:${gb}[ -])?(?:${model}(?:-sxm\\d?|-pcie)?(?:[ -]?\\(?${gb}\\)?)?(?:[ -](?:sxm\\d?|pcie|nvl))?(?: (?:${card}))?|(${vendor})?(?: ?(?:${card}))(?! (?:nodes?|partition|queue|hours?|memory|machines?|servers?))))`)}${share}(?: ?\\(?${gb}\\)?(?: (?:each|${vram})){1,2})?(?: (?:in total|total|overall|altogether|in all|available|free))?`;

/** Whether a count is only wished for: `optionally with 2 GPUs`, `2 GPUs if available`. */
function isWish(hit: Hit): boolean {
  const { work } = hit.reading;
  if (/^,? (?:if (?:available|possible)|would be nice|optional)/.test(work.slice(hit.end, hit.end + 20)))
    return true;
  return /(?:optionally|ideally|preferably),?(?: with| on| using)? $/.test(
    work.slice(Math.max(0, hit.start - 24), hit.start),
  );
}

const readCounted: Rule["read"] = (hit) => {
  const { groups, reading } = hit;
  const [maker, before, named, after, maker2, , , per, each, last] = groups.slice(7, 17);
  const models = readModels(named);
  const vramGb = readAmount(before ?? after ?? last);
  if (!models) return "refused";
  const need = isWish(hit) ? "optional" : "required";
  const fields: Partial<Gpu> = {
    need,
    ...vendorOf(maker ?? maker2),
    ...models,
    ...(vramGb ? { vramGb } : {}),
  };
  return fillShare(reading.draft, fields, {
    key: shareOf(hit, { per, each }),
    range: readQuantity(groups, 1, 5),
  });
};

const wanted: Rule["read"] = ({ reading }) => fillGpu(reading.draft, { need: "required" });

/** Graphics processors: how many, which, how much memory, or none. */
export const gpuRules: readonly Rule[] = [
  rule(
    "no gpu",
    `(?:(?:it |we |i )?(?:do(?:es)? not|don't|doesn't|won't|will not) (?:need|require|use|want) (?:an?y? )?(?:${card})|(?<![\\w.,-])(?:no|without|zero|0|non)[- ](?:any )?(?:${card})(?: (?:is |are )?(?:needed|required|necessary|please|at all|involved))?|gpus?(?: per node)? ?[:=] ?(?:none|no|0|zero|n/a)|(?:${card}) (?:is |are )?(?:not|un)[- ]?(?:needed|required|necessary|wanted)|(?:pure(?:ly)? )?cpus?[- ]only|only cpus?|cpus? nodes? only)(?![\\w-])`,
    ({ reading }) => {
      if (reading.draft.gpu && reading.draft.gpu.need !== "none") return "refused";
      reading.draft.gpu = { need: "none" };
      return { path: "gpu.need" };
    },
  ),
  rule(
    "not of a vendor",
    `(?<![\\w-])(?:no|not|without|avoid|never) (?:an? |any |on |use )?(?:${vendor}|${gpuName})(?: (?:${card}))?(?![\\w-])`,
    () => "refused",
  ),
  rule("only of a vendor", `(?<![\\w-])only (${vendor}) (?:ones|${card})(?![\\w-])`, (hit) =>
    fillGpu(hit.reading.draft, { need: "required", ...vendorOf(hit.groups[1]) }),
  ),
  rule(
    "cpu or gpu",
    `(?:either )?(?:on )?(?:a |any )?cpus?(?: only)?(?:,)? or (?:on )?(?:an? )?(?:(${bound}) )?(?:(${count}) )?(?:${model} ?)?(?:${card})?(?: (per node|each|per machine|total|per task|per rank))?(?: (?:is|are|works?|will do|would be)(?: (?:both |also )?(?:fine|ok|okay|acceptable|good))?)?(?![\\w-])`,
    (hit) => {
      const [words, , digits, named, per] = hit.groups;
      if (!new RegExp(`(?:${card})|${gpuName}`).test((words ?? "").split(" or ")[1] ?? "")) return undefined;
      const models = readModels(named);
      const number =
        digits === undefined ? undefined : readQuantity([undefined, undefined, undefined, digits], 1);
      if (!models) return "refused";
      const key: Share =
        per === undefined || per === "total" ? "total" : /task|rank/.test(per) ? "perTask" : "perNode";
      return fillGpu(hit.reading.draft, {
        need: "optional",
        ...models,
        ...(number ? { [key]: number } : {}),
      });
    },
  ),
  rule(
    "optional gpu",
    `(?:(?:optionally|ideally|preferably)(?: (?:with|on|using))? (?:an? |some |any )?(?:${card})|(?:an? |any )?(?:${card}) (?:is |are |would be )?(?:optional|nice to have|a plus|a bonus|welcome|if (?:available|possible)|preferred|helpful))(?![\\w-])`,
    ({ reading }) => fillGpu(reading.draft, { need: "optional" }),
  ),
  rule(
    "gpu memory",
    `(?:with |and |each with |having )?(?:(${bound}) ?)?${fresh}${size} (?:(?:of|worth of) )?(?:${vram})(?: (?:each|per (?:gpu|card|device)|or more|on each|minimum|memory))?(?![\\w-])|(?:${vram})(?: size)?(?: of|:|=| is)? ?(?:(${bound}) ?)?${fresh}${size}(?: (?:each|per gpu|or more))?(?![\\w-])|${fresh}${size}(?: of)?(?: memory| ram)? per (?:gpu|card|device)(?![\\w-])`,
    (hit) => {
      const [, , a, ua, , b, ub, c, uc] = hit.groups;
      const vramGb = toGibibytes(a ?? b ?? c, ua ?? ub ?? uc);
      return vramGb === undefined ? "refused" : fillGpu(hit.reading.draft, { vramGb });
    },
  ),
  rule(
    "memory of each gpu",
    `(?<=(?:${card})(?: with|,| of) )${fresh}${size}(?: of memory| memory)? each(?![\\w-])`,
    (hit) => {
      const vramGb = toGibibytes(hit.groups[1], hit.groups[2]);
      return vramGb === undefined ? "refused" : fillGpu(hit.reading.draft, { vramGb });
    },
  ),
  rule(
    "gpu model with a number for a name",
    "(?<!\\d )(?<![x\\w-] ?)(?:intel )?(?:data cent(?:er|re) )?(?:gpu )?(max[ -]?(?:1550|1100))(?: (?:gpus?|cards?))?(?![\\w-])",
    (hit) => {
      const models = gpuFields((hit.groups[1] ?? "").replace(/max ?-?/, "max-"));
      return models && fillGpu(hit.reading.draft, { need: "required", ...models });
    },
  ),
  rule(
    "the same count of either model",
    `${fresh}(${count}) ?x? ?(${names}) or (?:\\1 ?x? ?)(${names})${share}`,
    (hit) => {
      const [, digits, first, second, , per, each] = hit.groups;
      const models = readModels(`${first ?? ""} or ${second ?? ""}`);
      const range = readQuantity([undefined, undefined, undefined, digits], 1);
      if (!models) return "refused";
      return fillShare(
        hit.reading.draft,
        { need: "required", ...models },
        { key: shareOf(hit, { per, each }), range },
      );
    },
  ),
  rule(
    "machine of gpus",
    `(?:an? )?${fresh}(${count})(?:(?:-| x |x| )(?:(${vendor}) )?${model}|-gpu) (?:node|machine|server|box|workstation|instance)(?![\\w-])`,
    (hit) => {
      const [, digits, maker, named] = hit.groups;
      const models = readModels(named);
      const range = readQuantity([undefined, undefined, undefined, digits], 1);
      if (!models || !range) return "refused";
      const { draft } = hit.reading;
      if (!draft.compute?.nodes) fillCount(draft, "nodes", { min: 1, max: 1 });
      return fillShare(draft, { need: "required", ...vendorOf(maker), ...models }, { key: "perNode", range });
    },
  ),
  rule("counted gpus", counted, readCounted),
  rule(
    "counted behind",
    `(?:(${vendor}) )?${model}(?:[ -](?:sxm\\d?|pcie|nvl))?(?:[ -]?\\(?${gb}\\)?)?(?: (?:${card}))?(?:[ -]?x ?(${count})|,? (${count}) of them)${share}(?![\\w])`,
    (hit) => {
      const [, , named, sized, times, ofThem, , per, each] = hit.groups;
      const digits = times ?? ofThem;
      const vramGb = readAmount(sized);
      const models = readModels(named);
      const range = readQuantity([undefined, undefined, undefined, digits], 1);
      if (!models || !range) return "refused";
      return fillShare(
        hit.reading.draft,
        { need: "required", ...models, ...(vramGb ? { vramGb } : {}) },
        { key: shareOf(hit, { per, each }), range },
      );
    },
  ),
  rule(
    "one gpu",
    `(?<![\\w-])an? (?:single )?(?:(${vendor}) )?(?:${gb}[ -])?(?:${model}(?:[ -]\\(?${gb}\\)?)?(?: (?:${card}))?|(?:(?:dedicated|discrete|modern|big|decent) )?(?:gpu|accelerator|graphics card)(?! (?:nodes?|partition|queue|machines?|clusters?|servers?|systems?|hours?|enabled)))(?![\\w-])${share}`,
    (hit) => {
      const [, maker, before, named, after, , per, each] = hit.groups;
      const models = readModels(named);
      const vramGb = readAmount(before ?? after);
      if (!models) return "refused";
      const fields: Partial<Gpu> = {
        need: "required",
        ...vendorOf(maker),
        ...models,
        ...(vramGb ? { vramGb } : {}),
      };
      return fillShare(hit.reading.draft, fields, {
        key: shareOf(hit, { per, each }),
        range: { min: 1, max: 1 },
      });
    },
  ),
  rule(
    "gpu model",
    `(?<![\\w.-])(?:any |some |the )?(?:(${vendor}) )?(?:${gb}[ -])?${model}(?:[ -]?\\(?${gb}\\)?)?(?:[ -](?:sxm\\d?|pcie|nvl))?(?: (?:${card}))?(?![\\w-])`,
    (hit) => {
      const [, maker, before, named, after] = hit.groups;
      const models = readModels(named);
      const vramGb = readAmount(before ?? after);
      if (!models) return "refused";
      return fillGpu(hit.reading.draft, {
        need: "required",
        ...vendorOf(maker),
        ...models,
        ...(vramGb ? { vramGb } : {}),
      });
    },
  ),
  rule(
    "gpu of a size",
    `(?<![\\w.-])(?:any |an? )?(?:(${vendor}) )?${gb}[ -](?:${card})(?![\\w-])|(?:any |some |the )?(?:(${vendor}) )?(?:${card}) (?:with|of|having) (?:(${bound}) ?)?${gb}(?: (?:each|of memory|memory|of ram|or more|ram))?(?![\\w-])`,
    (hit) => {
      const [, maker, before, maker2, , after] = hit.groups;
      const vramGb = readAmount(before ?? after);
      return vramGb === undefined
        ? "refused"
        : fillGpu(hit.reading.draft, { need: "required", ...vendorOf(maker ?? maker2), vramGb });
    },
  ),
  rule(
    "memory behind a gpu",
    `(?<=\u0000)(?: with| having|:|,)? (?:(${bound}) ?)?${gb}(?: (?:each|of memory|memory|or more))?(?![\\w-]| (?:of )?(?:ram|main|system|per|scratch|disk|local|free|in total))`,
    (hit) => {
      const vramGb = readAmount(hit.groups[2]);
      const last = endingAt(hit);
      if (last !== "gpu" || vramGb === undefined || /^[:,]/.test(hit.groups[0] ?? "")) return undefined;
      return hit.reading.draft.gpu?.vramGb === undefined ? fillGpu(hit.reading.draft, { vramGb }) : undefined;
    },
  ),
  rule(
    "gpu of a vendor",
    `(?<![\\w-])(?:(?:any|an?|some) )?(?:kind of |type of )?(${vendor}) (?:${card})(?![\\w-])|(?<![\\w-])(?:any )?(nvidia)(?![\\w-])`,
    (hit) => fillGpu(hit.reading.draft, { need: "required", ...vendorOf(hit.groups[1] ?? hit.groups[2]) }),
  ),
  rule(
    "gpu label",
    `(?<![\\w-])(?:(?:number|count) of )?gpus?(?:[- ](per[- ]node|per[- ]task|count))?(?: ?[:=] ?)(${count})(?![\\w]|[.,]\\d)`,
    (hit) => {
      const range = readQuantity([undefined, undefined, undefined, hit.groups[2]], 1);
      const key: Share = /node/.test(hit.groups[1] ?? "")
        ? "perNode"
        : /task/.test(hit.groups[1] ?? "")
          ? "perTask"
          : "total";
      return fillShare(hit.reading.draft, { need: "required" }, { key, range });
    },
  ),
  rule(
    "gpu nodes",
    `${quantity("(?:(?:free|idle|available) )?gpu (?:nodes?|machines?|servers?|hosts?|instances?)")}(?![\\w-])`,
    (hit) => {
      const found = fillCount(hit.reading.draft, "nodes", readQuantity(hit.groups));
      if (found !== "refused") fillGpu(hit.reading.draft, { need: "required" });
      return found;
    },
  ),
  rule(
    "gpu wanted",
    `(?:(?:with|on|using|has|have|needs?|requires?|some|any|an?|the) ){0,3}(?<![\\w-])(?:gpu|accelerator)s?(?:[- ](?:enabled|accelerated|capable|acceleration|support|offload(?:ing)?|powered|equipped|nodes?|machines?|servers?|clusters?|systems?|required|needed|build|version))?(?![\\w-]|[ -](?:partition|queue))`,
    wanted,
  ),
];
