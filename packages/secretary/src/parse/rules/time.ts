import { parseDurationSeconds, type JobRequirements } from "@parley/core";
import { readDayTime, resolveDayTime, moment } from "../calendar.ts";
import { fill } from "../draft.ts";
import type { Outcome } from "../marks.ts";
import { wordsBetween, type Hit, type Rule } from "../mask.ts";

const long = "weeks?|days?|hours?|hrs?|minutes?|mins?|seconds?|secs?";
const number = "\\d{1,9}(?:\\.\\d{1,4})?";
const clock = "(?:\\d{1,3}-)?\\d{1,3}:\\d{2}:\\d{2}";
const pair = `(?<![\\w.:,$€£]|(?<!\\d)-)${number} ?-?(?:${long}|h|m)(?![\\w-]|/)(?:(?:,| and|, and)? ?\\d{1,4} ?-?(?:${long}|m|s)(?![\\w-]))?|(?<![\\w.,-])(?:\\d{1,3}d ?)?\\d{1,4}h ?\\d{1,2}m?(?: ?\\d{1,2}s)?(?![\\w-])|(?<![\\w.,-])\\d{1,3}d ?\\d{1,3}h(?![\\w-])|(?<![\\w.,-])\\d{1,9}s(?= (?:of )?(?:wall|run ?time|max))|(?<![\\w.:-])\\d{1,3}:[0-5]\\d ?(?:h|hours?|hrs?)(?![\\w-])`;
/** A duration that needs no word beside it. */
const duration = `(?:${pair}|(?<![\\w.:-])${clock}(?![\\w:]))`;
/** A duration behind a word that announces one, where `2d` cannot be a dimension. */
const announced = `(?:${duration}|(?<![\\w.,-])${number} ?[dhmsw](?![\\w-]))`;
const upTo =
  "(?:(?:between )?(?<![\\w.:-])\\d{1,4} ?(?:to|-|or|and) ?(?=\\d{1,4} ?(?:weeks?|days?|hours?|hrs?|minutes?|mins?|h|m)(?!\\w))|ca\\.? |up to |at most |no more than |not more than |less than |under |at least |about |around |roughly |approximately |some |~ ?|(?:(?:the |my |it |job |jobs |each )?(?:must|should|may|can|will|do|does|to) ?(?:not|n't) |(?:the |my |it |job |jobs )?cannot |(?:mustn't|shouldn't|can't|won't) )(?:exceed |(?:run|take|last|go)(?: for)? (?:more|longer) than |(?:run|take|last) over )|(?:no|not) longer than |<=? ?|a maximum of |max(?:imum)? |a limit of |only |just )?";

/** Whole seconds above zero of words a duration pattern matched. */
function seconds(words: string | undefined): number | undefined {
  if (words === undefined) return undefined;
  const plain = words.replace(/,| and(?= )/g, "").replace(/(\d)-(?=[a-z])/g, "$1 ");
  const clockHours = /^(\d{1,3}):(\d{2}) ?h/.exec(plain);
  if (clockHours) return Number(clockHours[1]) * 3600 + Number(clockHours[2]) * 60 || undefined;
  const hoursAndMinutes = /^(?:\d{1,3}d ?)?\d{1,4}h ?\d{1,2}$/.exec(plain);
  const value = parseDurationSeconds(hoursAndMinutes ? `${plain}m` : plain);
  return value !== undefined && value > 0 && Number.isSafeInteger(value) ? value : undefined;
}

type Span = "walltimeSec" | "startWithinSec" | "finishWithinSec";

const within =
  (key: Span) =>
  (hit: Hit): Outcome =>
    isMegabytes(hit) ? undefined : fill(hit.reading.draft, "time", [key, seconds(hit.groups[1])]);

/** `3500M` in a text that has small letters is a size. */
function isMegabytes(hit: Hit): boolean {
  const { text } = hit.reading;
  return /\d ?M$/.test(wordsBetween(hit.reading, hit.start, hit.end)) && /[a-z]{3}/.test(text);
}

function at(key: "deadlineAt" | "notBeforeAt"): Rule["read"] {
  return ({ groups, reading }) => {
    const words = groups[1] ?? "";
    const time = readDayTime(words);
    const early = key === "notBeforeAt" || /\bbefore [^\d]{0,4}\b/.test(groups[0] ?? "");
    const evening =
      early && time && time.minutes === 1440 && /night(?!\w)/.test(words) && !/midnight/.test(words);
    const open =
      early && time && time.minutes === undefined
        ? { ...time, minutes: 0 }
        : evening
          ? { ...time, minutes: 1080 }
          : time;
    const { nowMilliseconds: now, timeZone } = reading.context;
    return fill(reading.draft, "time", [key, open && resolveDayTime(open, { now, timeZone })]);
  };
}

type Urgency = NonNullable<NonNullable<JobRequirements["time"]>["urgency"]>;
const urgency =
  (value: Urgency): Rule["read"] =>
  ({ reading }) =>
    fill(reading.draft, "time", ["urgency", value]);

const done =
  "(?:due|done|finish(?:ed|es)?|complet(?:e|ed|es)|over|ready|end(?:s|ed)?|back|delivered|results?|wrap(?:ped)? up|be out|answer|turnaround|deadline|submission)";
const begin =
  "(?:start(?:s|ed|ing)?|begin(?:s|ning)?|launch(?:ed)?|running|scheduled|wait|queue(?:d)?|kick(?:ed)? off)";
const rule = (name: string, pattern: string, read: Rule["read"]): Rule => ({
  name,
  pattern: new RegExp(pattern, "g"),
  read,
});

/** `2d` that no rule read as a dimension: read last. */
export const leftoverDurationRules: readonly Rule[] = [
  rule("days alone", "(?<![\\w.,-])(\\d{1,2})d(?! ?-?[a-z]|[\\w-])", (hit) =>
    hit.reading.draft.time?.walltimeSec === undefined &&
    wordsBetween(hit.reading, hit.start, hit.end).endsWith("d")
      ? fill(hit.reading.draft, "time", ["walltimeSec", seconds(hit.groups[0])])
      : undefined,
  ),
];

/** When a job must start and end, and how long it may run. */
export const timeRules: readonly Rule[] = [
  rule(
    "start by",
    `(?:(?:it |and )?(?:must |should |has to |needs to |to )?)\\b(?:start|begin|launch)(?:s|ing|ning|ed)? (?:it )?(?:no later than|not later than|by|before) (${moment})`,
    ({ groups, reading }) => {
      const { nowMilliseconds: now, timeZone } = reading.context;
      const time = readDayTime(groups[1] ?? "");
      const start = time && resolveDayTime(time, { now, timeZone });
      if (start === undefined) return "refused";
      return fill(reading.draft, "time", [
        "startWithinSec",
        Math.max(0, Math.round((Date.parse(start) - now) / 1000)),
      ]);
    },
  ),
  rule(
    "start within",
    `(?:(?:it |and |which )?(?:must |should |has to |needs to |can |to )?(?:be )?)?\\b${begin} (?:it |the job |for |up )?(?:within|in|inside|no later than|less than|under|at most|no more than|no longer than|up to) (?:the next |at most |less than |under )?(${announced})(?: from now| at most| max(?:imum)?)?(?: (?:in|for) (?:the )?queue)?`,
    (hit) =>
      /\brunning\b/.test(hit.groups[0] ?? "") && !/running within|running in/.test(hit.groups[0] ?? "")
        ? undefined
        : within("startWithinSec")(hit),
  ),
  rule(
    "queue wait",
    `(?:(?:queue wait(?:ing)?|queue|wait(?:ing)?)(?: times?)?(?: of| below| under|:)? (?:must be |should be |be )?(?:less than |under |below |at most |no more than |up to |within )|(?:can|could|will) wait (?:up to |at most |for up to |no more than )?)(${announced})(?: (?:in|for) (?:the )?queue)?`,
    within("startWithinSec"),
  ),
  rule(
    "finish at",
    `(?:(?:(?:it |and |which )?(?:must |should |has to |needs to |need to |to )?(?:be )?${done} |${done}[ :]{1,2})(?:no later than|not later than|by|before|until|at|is|on|due)|(?:by|(?<!not )before|until|no later than|not later than)) (${moment})`,
    at("deadlineAt"),
  ),
  rule("before then", `\\bon (${moment})(?=[^.;]{0,80} (?:before|by) (?:then|that))`, at("deadlineAt")),
  rule("deadline", `(?:(?:my |the |our )?deadline(?: is|:| of)?(?: at| on)?) (${moment})`, at("deadlineAt")),
  rule(
    "due in",
    `(?:(?:(?:it |and |which )?(?:must |should |has to |have to |needs to |need to |to |is |are )?(?:be )?)?(?:\\b${done}|need (?:it|this|them|the results?)|want (?:it|this|the results?)|deadline(?: is)?)(?: (?:up|it|them|running|all|back|everything|due))?(?: in| within| inside|:| in under| in less than| in at most| in no more than| under| no later than)) (?:the next |at most |less than |under |about |around )?(${announced})(?: from now| at most| max(?:imum)?| or less)?`,
    within("finishWithinSec"),
  ),
  rule(
    "within the hour",
    "(?:(?:done |finished |ready |complete[d]? |back |must be |be ){0,2})\\bwithin (?:the|this) (hour|day|week)(?![\\w-])",
    ({ groups, reading }) => fill(reading.draft, "time", ["finishWithinSec", seconds(`1 ${groups[1]}`)]),
  ),
  rule(
    "starting in",
    `\\b(?:start(?:s|ing)?|begin(?:s|ning)?|not before) (${announced}) from now`,
    ({ groups, reading }) => {
      const ahead = seconds(groups[1]);
      const moment = reading.context.nowMilliseconds + (ahead ?? Number.NaN) * 1000;
      return Math.abs(moment) < 8.64e15
        ? fill(reading.draft, "time", ["notBeforeAt", new Date(moment).toISOString()])
        : "refused";
    },
  ),
  rule(
    "not before",
    `(?:(?:it |and )?(?:must |should |can |may |to )?(?:(?:start|begin|launch|run|schedule)(?:s|ing|ning)?(?: it| the job)? (?:not before|no earlier than|after|from|at|on|only after)|(?:start|begin)(?:s|ing|ning)?|not before|no earlier than|not until|any ?time after|after|from)) (${moment})`,
    at("notBeforeAt"),
  ),
  rule(
    "as soon as possible",
    "(?:(?:(?:and |to |must |should )?(?:be )?(?:finish|finished|complete|completed|done|get(?: it)? done|ready|run(?: it)?) )?(?:(?:as (?:soon|quickly|fast|early) as (?:possible|you can|we can|it can)|asap|a\\.s\\.a\\.p\\.?|at the earliest)))(?![\\w-])",
    ({ reading }) => {
      const { draft } = reading;
      draft.objectives = [
        ...(draft.objectives ?? []).filter((known) => known.metric !== "time_to_completion"),
        { metric: "time_to_completion", goal: "min", weight: 1 },
      ];
      return { path: "objectives" };
    },
  ),
  rule(
    "right now",
    "(?:(?:start(?:ing)?|run(?:ning)?|begin(?:ning)?) )?(?:it )?\\b(?:right (?:now|away)|immediate(?:ly)?(?: start)?|straight ?away|at once|this instant|this very moment|instantly|without (?:any )?(?:delay|wait(?:ing)?|queu(?:e?ing))|with no (?:queue )?wait(?:ing)?|no waiting)(?![\\w-])",
    ({ reading }) => {
      const first = fill(reading.draft, "time", ["urgency", "immediate"]);
      return first === "refused" ? first : fill(reading.draft, "time", ["startWithinSec", 0]);
    },
  ),
  rule(
    "urgent",
    "(?:(?:this|it) is |it's |very |quite )?\\b(?:urgent(?:ly)?|high(?:est)? priority|in a (?:big )?hurry|time[- ]critical|soon(?:ish)?|promptly|pressing)(?![\\w-])",
    urgency("soon"),
  ),
  rule(
    "no hurry",
    "(?:(?:there is |there's |with |i am |i'm |we are )?(?:no|not in a|not in any|in no) (?:particular |great |big |real )?(?:rush|hurry)|not urgent|no urgency|(?:low|lowest) priority|(?:it |i |we )?can wait(?! (?:up to|at most|for up|no more|\\d))(?: (?:for )?(?:a )?(?:few|couple of|several|some) (?:hours|days|weeks)| a while| as long as (?:it takes|needed)| a (?:bit|while|long time)| until [a-z ]{1,20}(?=[,.]))?|whenever(?: (?:it is |it's )?(?:possible|convenient|there is room|you can))?|any ?time(?! (?:limit|after|before))|no deadline|(?:there is )?no time (?:pressure|constraint)|time is not (?:an issue|critical|important)|at your leisure|overnight(?: is fine| run)?|over the weekend|in the background|take your time)(?![\\w-])",
    urgency("relaxed"),
  ),
  rule(
    "walltime",
    `(?:with )?(?:an? |the |my |max(?:imum)? )?\\b(?:wall[- ]?(?:clock)?[- ]?(?:time|limit)?(?: limit)?|wallclock|walltime|time[- ]?limit|run[- ]?time(?: limit)?|duration|time|estimated (?:run)?time|(?<!-)time-?out)(?: (?:is|of|to|for|will be|should be|limit))?[:=]? ?(?:is |of )?${upTo}(${announced})(?: (?:max(?:imum)?|at most|or less|each|limit))?`,
    within("walltimeSec"),
  ),
  rule(
    "runs for",
    `(?:(?:it |which |that |and |each |job |jobs |they )?(?:should |will |would |to |must |may |can |could |might )?\\b(?:run(?:s|ning)?|last(?:s|ing)?|take(?:s)?|taking|needs?|needing|requires?|calculate|compute|go(?:es)?|finish(?:es)?)(?: it| them)? (?:(?:for|in) )?(?:a )?${upTo}(?:for )?${upTo})(${announced})(?: (?:of (?:wall[- ]?(?:clock )?time|run ?time|compute(?: time)?|time)|wall[- ]?(?:clock )?time|max(?:imum)?|at most|each|long|to (?:run|complete|finish)))?`,
    (hit) => within(/finish/.test(hit.groups[0] ?? "") ? "finishWithinSec" : "walltimeSec")(hit),
  ),
  rule(
    "for a time",
    `(?:\\b(?:for|over|lasting) (?:the next |a |about )?${upTo})(${announced})(?: (?:of (?:wall[- ]?(?:clock )?time|run ?time|compute(?: time)?|time)|wall[- ]?(?:clock )?time|max(?:imum)?|at most|each|long|total))?`,
    within("walltimeSec"),
  ),
  rule(
    "within",
    `(?:\\b(?:some ?time )?(?:with)?in (?:the next |the coming |at most |under |less than |no more than |max(?:imum)? )?|(?<=\\b)(?:over |during )?(?:the )?next )(${announced})(?: from now| time| at most| max(?:imum)?)?`,
    (hit) => (hit.reading.work.startsWith(" ago", hit.end) ? "refused" : within("finishWithinSec")(hit)),
  ),
  rule(
    "bare duration",
    `(?:each )?(?<!every )${upTo}(${duration})(?! (?:ago|old|apart|later|per (?!run|job|task|element|simulation|case|sample)))(?: per (?:run|job|task|element|simulation|case|sample)| (?:of (?:wall[- ]?(?:clock )?time|run ?time|compute(?: time)?|time)|wall[- ]?(?:clock )?time|walltime|run ?time|max(?:imum)?|at most|each|long|job|run|limit|total))?`,
    within("walltimeSec"),
  ),
];
