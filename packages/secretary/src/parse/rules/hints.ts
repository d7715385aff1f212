import { fill, union } from "../draft.ts";
import { spelling, wordsBetween, type Rule } from "../mask.ts";

const path = "((?:~|\\.{0,2})/[\\w./+@%=-]{1,255}[\\w/+@%=-])";
const appFlags: Readonly<Record<string, string>> = {
  "no citation output": "-nocite",
  nocite: "-nocite",
  "-nocite": "-nocite",
};

/** What a request says about how to start its program. */
export const hintRules: readonly Rule[] = [
  {
    name: "binary directory",
    pattern: new RegExp(
      `(?:the )?(?:[\\w.+-]{1,40} )?(?:binary|binaries|executables?|program) (?:is|are|lives?|sits?|(?:is |are )?(?:located|installed|found)) (?:in|at|under) ${path}`,
      "g",
    ),
    read: (hit) => fill(hit.reading.draft, "execution", ["binaryDir", spelling(hit, 1)]),
  },
  {
    name: "working directory",
    pattern: new RegExp(
      `(?:(?:and )?(?:(?:the|my|our|all) )?(?:input )?(?:data|inputs?|files|case|problem)(?: files?| data| set)? (?:is|are|lives?|sits?|(?:is |are )?(?:located|found|stored)) (?:in|at|under|on)|(?:(?:the )?work(?:ing)? ?dir(?:ectory)?)(?: is|:|=)?|(?:run|start|execute)? ?(?:it )?(?:in|from) (?:the )?(?:directory|folder)) ?${path}`,
      "g",
    ),
    read: (hit) => fill(hit.reading.draft, "execution", ["workdir", spelling(hit, 1)]),
  },
  {
    name: "no queue",
    pattern:
      /(?:(?:do not|don't|never|please do not) (?:set|use|specify|give|pass|choose|name) (?:a|any) (?:queue|partition)|without (?:setting |specifying )?(?:a|any) (?:queue|partition)|no queue)/g,
    read: ({ reading }) => fill(reading.draft, "scheduler", ["forbidQueue", true]),
  },
  {
    name: "input deck",
    pattern:
      /(?:(?:from|with|using|on) )?(?:the )?(?:input (?:file |deck |script )?)?(?<![\w./-])(in\.[\w.-]{1,80}\w)/g,
    read: (hit) => {
      const { draft } = hit.reading;
      draft.execution = { ...draft.execution, inputs: union(draft.execution?.inputs, [spelling(hit, 1)]) };
      return { path: "execution.inputs" };
    },
  },
  {
    name: "grid",
    pattern:
      /(?:(?:on|with|using) )?(?:an? )?(?<![\w.-])(\d{1,6}) ?x ?(\d{1,6}) ?x ?(\d{1,6})(?![\w.])(?: (?:grid|box|lattice|mesh|domain|problem))?/g,
    read: (hit) => {
      const [, x, y, z] = hit.groups.map(Number);
      if (!x || !y || !z) return "refused";
      return fill(hit.reading.draft, "execution", ["params", { x, y, z }]);
    },
  },
  {
    name: "application flag",
    pattern: /(?<![\w-])(?:(?:with|using) )?(no citation output|-nocite|nocite)(?![\w-])/g,
    read: (hit) => {
      const { draft } = hit.reading;
      const flag = appFlags[hit.groups[1] ?? ""];
      if (flag === undefined) return undefined;
      draft.execution = { ...draft.execution, appFlags: union(draft.execution?.appFlags, [flag]) };
      return { path: "execution.appFlags" };
    },
  },
  {
    name: "pinned ranks",
    pattern:
      /(?:(?:every|each|all) (?:rank|task|process)e?s? (?:is |are )?(?:pinned|bound)(?: to (?:a |its )?cores?)?|pin(?:ning)? (?:every|each|all|the) (?:rank|task|process)(?:es|s)?|cpu[- ]affinity (?:per[- ]task|=per-task)|per[- ]task (?:cpu )?affinity)/g,
    read: ({ reading }) => fill(reading.draft, "execution", ["cpuAffinity", "per-task"]),
  },
  {
    name: "environment variable",
    pattern:
      /(?:(?:with|set|export|env(?:ironment)?:?) )?(?<![\w./-])(omp_num_threads|cuda_visible_devices|[a-z]{2,20}_[a-z_]{1,40}|(?<=(?:export|set|env|variable) )[a-z]\w{0,40})=([\w./:,+-]{0,119}[\w/+-])/g,
    read: (hit) => {
      const { draft } = hit.reading;
      // The name may occur in its value as well, so both are cut from the request's own words.
      const words = wordsBetween(hit.reading, hit.start, hit.end).split(" ").at(-1) ?? "";
      const at = words.indexOf("=");
      const environment = { ...draft.execution?.environment, [words.slice(0, at)]: words.slice(at + 1) };
      draft.execution = { ...draft.execution, environment };
      return { path: "execution.environment" };
    },
  },
];
