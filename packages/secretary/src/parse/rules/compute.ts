import { fill, fillCount, fillGpu, joinRanges } from "../draft.ts";
import { behindNodes, eachOf } from "../each.ts";
import type { Outcome } from "../marks.ts";
import { endingAt, wordsBetween, type Hit, type Rule } from "../mask.ts";
import { bound, boundOf, count, fresh, quantity, readCount, readQuantity } from "../quantity.ts";
import { countedKey, gpuNamedLast, joinGpus, rangeOf, type Counted } from "../second-bound.ts";
import { size, toGibibytes } from "../sizes.ts";

const node =
  "(?:(?:compute|whole|full|entire|dedicated|separate|identical|bare[- ]metal|physical|worker|cpu|fat|thin|standard|big|large|linux|free|idle|x86|calculation|computing|empty|different|distinct) )?(?:nodes?|machines?|hosts?|servers?|box(?:es)?|workstations?|computers?|instances?|vms?)";
const core =
  "(?:(?:physical|cpu|processor|logical|virtual|compute|free|x86|total) )?(?:cores?|v-?cpus?|cpus?|processors?|hardware threads)";
const task = "(?:mpi[- ])?(?:tasks?|ranks?|process(?:es)?|procs?|pods)";
const perNode =
  "(?: (?:per|each|every|an?|on each|in each|on every|for each|for every) ?|/ ?)(?:compute )?(?:nodes?|machines?|hosts?|servers?|box)(?![\\w-])";
const rule = (name: string, pattern: string, read: Rule["read"]): Rule => ({
  name,
  pattern: new RegExp(pattern, "g"),
  read,
});

const counted =
  (key: Counted): Rule["read"] =>
  (hit) =>
    fillCount(hit.reading.draft, key, readQuantity(hit.groups));

/** Cores `each`: of an array's element, of a task or of a node. */
const coresEach = (hit: Hit): Outcome => {
  const words = hit.groups[0] ?? "";
  const owner = / (?:nodes?|machines?|hosts?|servers?|box)$|\/ ?nodes?$/.test(words) ? "node" : eachOf(hit);
  if (owner === "node") return coresPerNode(hit);
  return owner === "task"
    ? coresPerTask(hit)
    : fillCount(hit.reading.draft, "cores", readQuantity(hit.groups));
};

/** A node with at least so many cores serves, so an exact figure is read as a lower bound. */
const coresPerNode = (hit: Hit): Outcome => {
  const range = readQuantity(hit.groups);
  const open = range?.min !== undefined && range.min === range.max ? { min: range.min } : range;
  return fillCount(hit.reading.draft, "coresPerNode", open);
};

const span =
  (value: "single-node" | "multi-node"): Rule["read"] =>
  ({ reading }) =>
    fill(reading.draft, "compute", ["span", value]);

/** Reads `nodes: 4`, `nodes=4`, `number of nodes >= 4`. */
function labelled(noun: string): string {
  return `(?:(?:the )?(?:number|count) of )?(?<![\\w-])(?:${noun})(?: (?:count|needed|required))?(?: ?[:=] ?| (?:of|is|are|to be) )?(?: ?(${bound}) ?)?(?<=[:=<>~ ])(?<![:=] ?\\d{1,9} )(${count})(?: ?(?:to|-) ?(${count}))?(?![\\w]|[.,]\\d| ?-?(?:nodes?|cores?|gpus?|tasks?|ranks?|hours?|minutes?|mins?|h|gb|tb|g)(?![\\w]))`;
}
const readLabelled =
  (key: Counted): Rule["read"] =>
  (hit) => {
    const number = readCount(hit.groups[2]);
    const words = hit.groups[0] ?? "";
    if (number === undefined) return "refused";
    if (!/[:=]|(?:of|is|are|to be) |number|count/.test(words) && hit.groups[1] === undefined)
      return undefined;
    const side = boundOf(hit.groups[1], undefined);
    const upper = readCount(hit.groups[3]);
    if (hit.groups[3] !== undefined)
      return fillCount(
        hit.reading.draft,
        key,
        upper === undefined || upper < number ? undefined : { min: number, max: upper },
      );
    const range = {
      exact: { min: number, max: number },
      min: { min: number },
      max: { max: number },
      above: { min: number + 1 },
      below: { max: number - 1 },
    }[side];
    return range.max === 0 ? "refused" : fillCount(hit.reading.draft, key, range);
  };

const total = "(?: (?:in total|total|overall|altogether|in all|each))?";

/** Nodes, cores, tasks and how they are laid out. */
export const computeRules: readonly Rule[] = [
  rule(
    "two bounds",
    `${fresh}(?:(${bound}) ?)(${count}),? (?:and|but) (?:(${bound}) ?)(${count}) (?:(${node})|(${core})|${task})(?![\\w-])`,
    (hit) => {
      const [, lowBound, low, highBound, high, nodes, cores] = hit.groups;
      const key = nodes === undefined ? (cores === undefined ? "tasks" : "cores") : "nodes";
      const first = readQuantity([undefined, undefined, lowBound, low]);
      const second = readQuantity([undefined, undefined, highBound, high]);
      const joined = first && second && joinRanges(first, second);
      return fillCount(hit.reading.draft, key, joined);
    },
  ),
  rule(
    "multi-node",
    "(?:(?:it |and |which )?(?:must|should|may|can|do|does)? ?(?:not|never|n't|cannot|can't) (?:land|run|fit|be|sit|stay|end up)(?: placed)? (?:on|in|to) (?:a |the )?(?:1|one|same|single) (?:node|machine|box|host)|(?<![\\w-])multi-?node(?! or)(?: (?:job|run|setup|training|jobs|mpi))?|(?:across|over|on|spanning|between) (?:multiple|several|more than 1|different|2 or more) (?:nodes|machines|hosts))(?![\\w-])",
    span("multi-node"),
  ),
  rule(
    "single node",
    "(?:(?:all )?(?:on )?(?:(?:the|1 and the|a) )?same (?:node|machine|box|host)|(?:must |should |has to |needs to )(?:all )?(?:fit|run|stay|be) (?:on|in|within) (?:just )?(?:the same|1) (?:node|machine|box|host)|(?:must not|should not|do not|don't|not) (?:be )?(?:span|spread|split|distributed|cross)(?: (?:over|across|multiple|several|more than 1|nodes)){1,3}|(?:shared[- ]memory|smp)(?: (?:job|only|run))?)(?![\\w-])",
    span("single-node"),
  ),
  rule("exclusive nodes", quantity("exclusive nodes?"), (hit) => {
    const outcome = counted("nodes")(hit);
    return outcome === "refused" ? outcome : fill(hit.reading.draft, "compute", ["exclusive", true]);
  }),
  rule("nodes times cores", `${fresh}(${count}) nodes? ?[x*] ?(${count}) (?:${core})(?![\\w-])`, (hit) => {
    const nodes = readCount(hit.groups[1]);
    const cores = readCount(hit.groups[2]);
    if (nodes === undefined || cores === undefined) return "refused";
    const first = fillCount(hit.reading.draft, "nodes", { min: nodes, max: nodes });
    return first === "refused" ? first : fillCount(hit.reading.draft, "coresPerNode", { min: cores });
  }),
  rule(
    "exclusive",
    "(?:(?:with |in |on |have |need )?(?:(?:(?<!\\d )node )?exclusive(?:ly)?(?: (?:access|use|mode|nodes|node access|node))?(?: to (?:the )?nodes?)?|not shared|no sharing|unshared|(?:do not|don't|never) share (?:the |a |my )?nodes?|nobody else on (?:the )?nodes?))(?![\\w-])",
    ({ reading }) => fill(reading.draft, "compute", ["exclusive", true]),
  ),
  rule(
    "cores of a machine",
    `(?:an? |1 )?(?:(?:big|large|fat|bigger|linux) )?(?:machine|node|box|server|host|workstation|vm|instance|computer) (?:with|having|that has|of|has) ${quantity(core)}(?! (?:per|each))`,
    (hit) => {
      const outcome = coresPerNode(hit);
      if (outcome !== "refused" && !hit.reading.draft.compute?.nodes)
        fillCount(hit.reading.draft, "nodes", { min: 1, max: 1 });
      return outcome;
    },
  ),
  rule(
    "machines of cores",
    `${fresh}(${count}) (${count})[ -](?:core|cpu) (?:nodes|machines|servers|boxes|hosts|workstations|vms|instances)(?![\\w-])`,
    ({ groups, reading: { draft } }) => {
      const [nodes, cores] = [readCount(groups[1]), readCount(groups[2])];
      if (nodes === undefined || cores === undefined) return "refused";
      const first = fillCount(draft, "nodes", { min: nodes, max: nodes });
      return first === "refused" ? first : fillCount(draft, "coresPerNode", { min: cores });
    },
  ),
  rule(
    "a machine of cores",
    `(?:an? |(?<=^|[.,;\n] ?))${quantity(`${core}[ -](?:node|machine|server|box|host|workstation|vm|instance)`)}`,
    (hit) => {
      const outcome = coresPerNode(hit);
      if (outcome !== "refused" && !hit.reading.draft.compute?.nodes)
        fillCount(hit.reading.draft, "nodes", { min: 1, max: 1 });
      return outcome;
    },
  ),
  rule("nodes of cores", `${fresh}(${count}) (?:x )?(${count})[ -]cores? ${node}(?![\\w-])`, (hit) => {
    const nodes = readCount(hit.groups[1]);
    const cores = readCount(hit.groups[2]);
    if (nodes === undefined || cores === undefined) return "refused";
    const first = fillCount(hit.reading.draft, "nodes", { min: nodes, max: nodes });
    return first === "refused" ? first : fillCount(hit.reading.draft, "coresPerNode", { min: cores });
  }),
  rule(
    "tasks per node",
    `(?:with |and )?${quantity(task)}${perNode}|(?:with |and )?${quantity("(?=(?: per|/) ?node)")}${perNode}`,
    (hit) => {
      const range = readQuantity(hit.groups) ?? readQuantity(hit.groups, 8);
      const bare = hit.groups[3] === undefined;
      if (bare && gpuNamedLast(hit)) return fillGpu(hit.reading.draft, { perNode: range });
      return fillCount(hit.reading.draft, "tasksPerNode", range);
    },
  ),
  rule(
    "cores per task",
    `(?:with |and |each with |using )?${quantity(`(?:openmp |omp )?(?:threads?|${core})`)}(?: (?:per|each|for each|for every|on each) ?|/ ?)(?:mpi )?(?:tasks?|ranks?|process(?:es)?|procs?)(?![\\w-])`,
    coresPerTask,
  ),
  rule(
    "threads each",
    `(?:with |and |each with |using )?${quantity("(?:openmp |omp )?threads?")}(?: each| apiece)?(?![\\w-])`,
    coresPerTask,
  ),
  rule(
    "cores per node",
    `(?:with |and |each with |having )?${quantity(core)}(?:${perNode}| each(?! (?:task|rank|process))| apiece|(?=(?:,| and|, and| with) \\d{1,6} ?-?[kmgt]i?b?(?: (?:of )?(?:ram|memory))? (?:each|apiece|per (?:node|machine))))`,
    coresEach,
  ),
  rule(
    "cores of nodes",
    `(?<=(?:nodes|machines|servers|hosts|instances|vms) (?:with|having|of) )${quantity(core)}(?! (?:in total|total))`,
    coresPerNode,
  ),
  rule(
    "each with cores",
    `(?:each (?:node |machine |1 )?(?:with|having|has|needs?)|with each|each of) ${quantity(core)}`,
    coresPerNode,
  ),
  rule(
    "nodes",
    `(?:(?:cluster|allocation|pool|set|partition) of )?${quantity(`(?:of (?:the|your|our|these|those) )?${node}`)}(?! hours?|[- ]h)`,
    counted("nodes"),
  ),
  rule("node label", labelled("nodes"), readLabelled("nodes")),
  rule("nodes in short", `(?<![\\w.,/-])(${count})n(?: ?x(?= ?\\d))?(?![\\w-])`, (hit) => {
    if (!/n(?: ?x)?$/.test(wordsBetween(hit.reading, hit.start, hit.end))) return undefined;
    const number = readCount(hit.groups[1]);
    return fillCount(
      hit.reading.draft,
      "nodes",
      number === undefined ? undefined : { min: number, max: number },
    );
  }),
  rule("tasks per node label", labelled("ppn|tasks per node|ranks per node"), readLabelled("tasksPerNode")),
  rule(
    "a machine",
    "(?<=(?:on|using|needs?|want|with|for|me|get(?: me)?|have|there) |^|[.!?\\n:] )(?:just )?(?:an? |my )(?:(?:big|large|beefy|fat|powerful|compute|whole|full|dedicated|linux|calculation|(?:high|large|big)[- ]memory) )?(?:node|machine|box|server|workstation|vm|instance)(?![\\w-])(?= (?:with|of|having|that has))",
    ({ reading }) =>
      reading.draft.compute?.nodes ? undefined : fillCount(reading.draft, "nodes", { min: 1, max: 1 }),
  ),
  rule(
    "a machine with much memory",
    "(?:an? )?(?:(?:high|large|big)[- ]?mem(?:ory)?|fat) (?:node|machine|box|server)(?![\\w-]| with)",
    ({ reading }) =>
      reading.draft.compute?.nodes ? undefined : fillCount(reading.draft, "nodes", { min: 1, max: 1 }),
  ),
  rule("tasks", `${quantity(task)}${total}(?![\\w-])`, (hit) =>
    counted(hit.groups[0]?.endsWith(" each") === true && eachOf(hit) === "node" ? "tasksPerNode" : "tasks")(
      hit,
    ),
  ),
  rule(
    "task label",
    labelled("tasks|ranks|np|nprocs|ntasks|mpi tasks|mpi ranks|processes"),
    readLabelled("tasks"),
  ),
  rule("cores", `${quantity(`(?:${core}|way parallel)`)}${total}(?![\\w-]| ?hours?)`, (hit) =>
    behindNodes(hit) ? coresPerNode(hit) : counted("cores")(hit),
  ),
  rule("cores per task label", labelled("(?:threads|cores|cpus) per (?:rank|task|process)"), (hit) => {
    const number = readCount(hit.groups[2]);
    return /[:=]/.test(hit.groups[0] ?? "")
      ? fill(hit.reading.draft, "compute", ["coresPerTask", number])
      : undefined;
  }),
  rule("core label", labelled("cores|cpus"), readLabelled("cores")),
  rule(
    "cores and memory in short",
    `(?<![\\w.,/-])(${count})(?:c|cores?|cpus?)/(${size})(?![\\w/-])`,
    (hit) => {
      const cores = readCount(hit.groups[1]);
      const gib = toGibibytes(hit.groups[3], hit.groups[4]);
      if (cores === undefined || gib === undefined) return "refused";
      const first = fillCount(hit.reading.draft, "cores", { min: cores, max: cores });
      return first === "refused" ? first : fill(hit.reading.draft, "memory", ["totalGb", gib]);
    },
  ),
  rule("as many of them", `,? ?(?<![\\w.-])(${count}) of (?:them|those|these)(?![\\w-])`, (hit) => {
    const at = hit.reading.offsets[hit.start] ?? 0;
    const before = hit.reading.text.slice(Math.max(0, at - 60), at).toLowerCase();
    const number = readCount(hit.groups[1]);
    if (!/\b(?:nodes|machines|servers|hosts|boxes|instances|vms)\W{0,3}$/.test(before)) return undefined;
    return fillCount(
      hit.reading.draft,
      "nodes",
      number === undefined ? undefined : { min: number, max: number },
    );
  }),
  rule(
    "another bound of the same count",
    `(?<=\u0000)(?: and| but|,| or|, and|, but){1,2} (?:(?:a )?(${bound}) ?)(${count})(?: (?:maximum|minimum|max|min))?(?=[.,;!\\n)]|$| (?:for|with|on)\\b)|(?<=\u0000), (${count}) (maximum|minimum|max|min|at most|at least)(?![\\w-])`,
    (hit) => {
      const path = endingAt(hit);
      const key = countedKey(path);
      if (path === "gpu") return joinGpus(hit);
      if (key === undefined) return undefined;
      return fillCount(hit.reading.draft, key, rangeOf(hit));
    },
  ),
  rule(
    "serial",
    "(?<![\\w-])(?:serial|sequential|single[- ]threaded)(?: (?:job|code|run|program|jobs|task))?(?![\\w-])",
    ({ reading }) =>
      reading.draft.compute?.cores || reading.draft.compute?.tasks
        ? undefined
        : fillCount(reading.draft, "cores", { min: 1, max: 1 }),
  ),
  rule(
    "on a number",
    `(?:run |scale |scaled )?(?:it )?(?<!\\b(?:depend(?:s|ing|ent)?|based|waits?|waiting|continues?) )(?:\\bon|\\bacross|\\bover) (?:(${bound}) )?${fresh}(${count})(?= ?(?:,(?! ?\\d)|[;!?\\n]|\\.(?!\\d)|$)| (?:for|with|and(?! \\d)|using|by|at|in|please)\\b)`,
    (hit) => {
      const number = readCount(hit.groups[2]);
      if (number === undefined) return "refused";
      return fillCount(
        hit.reading.draft,
        "nodes",
        readQuantity([undefined, undefined, hit.groups[1], hit.groups[2]], 1),
      );
    },
  ),
];

function coresPerTask(hit: Hit): Outcome {
  const range = readQuantity(hit.groups);
  return fill(hit.reading.draft, "compute", ["coresPerTask", range?.min ?? range?.max]);
}
