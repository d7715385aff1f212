import { numberWords, requirementWords, stopWords } from "../vocabulary/index.ts";

const shellSyntax = /[`$|&<>\\#{}*^;]|~\/|(?<![\w.])\/\w/;
/** Letters of two alphabets in one word pass for others to the eye. */
const mixedScript =
  /\p{Script=Latin}[\p{Script=Greek}\p{Script=Cyrillic}]|[\p{Script=Greek}\p{Script=Cyrillic}]\p{Script=Latin}/u;
const fileName = /[\w-]{2}\.[a-z]\w{0,5}(?!\w)/i;
const vague =
  /\b(?:lots?|plenty|enough|many|several|some|few|sufficient|huge|big|bigger|large|larger|largest|fast|faster|powerful|more|most|fewer|hundreds|thousands|dozens|multiple|adequate|beefy|decent|good)(?: of)?(?: \w{1,20})? (?:nodes?|cores?|machines?|threads?|ranks?|processors?|memory|ram|hosts?|servers?|gpus?|disks?|storage|space|licen[cs]es?)\b/;
/** A day that bounds a request only when no hour or date does. */
export const someDay = /\b(?:tonight|tomorrow|this weekend|next week)\b/;
/** Where or under which condition: words that narrow a request in whatever sentence they stand. */
const elsewhere =
  /\b(?:(?:close(?:st|r)?|near(?:est|er)?|next) to|nearby|on[- ]prem(?:ises?)?|(?:in|on|at) (?:the )?(?:aws|gcp|azure|cloud|amazon|google cloud|edge|eu|europe|usa?|uk|asia|germany|france|switzerland|canada|japan)|(?:e-?mail|notify|text|message|ping|alert) (?:me|us)|(?:not|no|without|never) (?:pip|conda|mamba|spack|modules?)|haswell|broadwell|skylake|cascade lake|ice lake|sapphire rapids|zen ?[1-5]|depends? on|after job|week-?ends?|(?:business|office|working) hours|(?:every|all|whole|half|full|entire) (?:an? |of an? )?(?:nodes?|racks?|cores?|machines?))\b|\w=\S/;
/** `run it on Summit`, `use Fugaku`: a place nobody here knows. */
const namedPlace =
  /(?:^|[Rr]un(?:s|ning)? |[Ss]ubmit |[Ss]end |it |[Jj]ob )(?:on|[Uu]se|[Uu]sing|to) [A-Z][\w-]{2,40}(?= ?(?:$|[,;]|with|for|and))/;
const repeated =
  /\b(?:runs?|repeat(?:ed)?|starts?|it) (?:hourly|daily|nightly|weekly|monthly)\b|\bevery (?:hour|night|week|month)\b/;
const uncounted =
  /^(?:on |for |with )?([a-z]{2,12}) (?:nodes|cores|cpus|gpus|ranks|tasks|hours|minutes|days)$/;
const modal =
  /\b(?:must|requires?|required|never|avoid|without|except|unless|mandatory|forbidden|prohibited|not allowed|at least|at most|no more than|no less than|no later than)\b/;
/** Words that carry no requirement. */
export const filler = new Set(
  `a an the and or but so then also it its this that these those i we you me us my our your to of for on in at with by from as is are be been
was were will would should shall can could may might must have has had do does did need needs want get give find make please only not no never
required require requires at least most more than job jobs run runs running work task there here all any some each per which who what when where while if`.split(
    /\s+/,
  ),
);

const kindsOfNodes = new Set(
  "compute worker login cpu office extra spare normal regular standard these those".split(" "),
);

/** Whether an unread fragment says something a site would have to know. */
export function matters(fragment: string): boolean {
  if (/\p{N}/u.test(fragment.replace(/\b[1-4](?:D\b|d(?= ?-?[a-z]))/g, "")) || shellSyntax.test(fragment))
    return true;
  if (mixedScript.test(fragment) || fileName.test(fragment)) return true;
  const lowered = fragment.toLowerCase();
  const words = (lowered.match(/[\p{L}'-]+/gu) ?? []).flatMap((word) => [word, ...splitHyphens(word)]);
  if (
    words.some(
      (word) =>
        requirementWords.has(word) ||
        requirementWords.has(word.replace(/s$/, "")) ||
        (word !== "one" && Object.hasOwn(numberWords, word)),
    )
  )
    return true;
  if (vague.test(lowered) || elsewhere.test(lowered) || repeated.test(lowered)) return true;
  if (countsOddly(lowered) || namedPlace.test(fragment)) return true;
  return modal.test(lowered) && words.some((word) => !filler.has(word));
}

/** `IV nodes`: a word where a number belongs. */
function countsOddly(fragment: string): boolean {
  const word = uncounted.exec(fragment)?.[1];
  return word !== undefined && !stopWords.has(word) && !filler.has(word) && !kindsOfNodes.has(word);
}

/** The parts of `multi-gpu`, which count as words of their own. */
function splitHyphens(word: string): string[] {
  return word.includes("-") ? word.split("-") : [];
}

const named =
  /\b(?:run|execute|launch|start)(?: (?:the|a|an|my|our))? ([a-z][\w.+-]{1,40})((?: [\w./+=-]{1,40}){0,6})/g;
const kindsOfWork =
  /\b(?:simulations?|jobs?|calculations?|models?|codes?|training|analys[ie]s|workloads?|pipelines?|experiments?|studies|study|runs?|folding|assembly|inference|benchmarks?|tests?|sweeps?|docking|dynamics|workflows?|scripts?|programs?)\b/;

/** Words of a command line that nobody says in passing. */
const plainUtility =
  /(?<![\w./-])(?:hostname|uname|whoami|uptime|printenv|lscpu|nproc|df|pwd|ls|echo|sleep|bash|make|nvidia-smi|rocm-smi)(?![\w-])/;

/** Whether a fragment names what to run in words that no rule knows: `run foo bar`. */
export function namesProgram(fragment: string): boolean {
  if (plainUtility.test(fragment)) return true;
  for (const [, program = "", words = ""] of fragment.toLowerCase().matchAll(named))
    if (!stopWords.has(program) && !/ly$|ing$/.test(program) && !kindsOfWork.test(`${program} ${words}`))
      return true;
  return false;
}
