import type { JobRequirements } from "@parley/core";
import type { Rule } from "../mask.ts";

type Objective = NonNullable<JobRequirements["objectives"]>[number];

const least =
  "(?:minimi[sz](?:e|ing)|lowest|least|reduce|smallest|minimal|minimum|optimi[sz](?:e|ing) (?:for )?|keep (?:down )?|low(?:er)?(?:ing)?)";
const most = "(?:maximi[sz](?:e|ing)|best|highest|optimi[sz](?:e|ing) (?:for )?|maximum|top|peak|good|great)";
const of = "(?: (?:the|my|our|total|overall|possible|its))*?".replace("*?", "{0,2}");
const before =
  "(?:(?:and|to|but|whichever is|whatever is|i want|we want|please|goal is|objective is|at|for|with|the|as|is|it is|wherever it is|where it is|on the) ){0,3}";
const words: readonly (readonly [Objective["metric"], Objective["goal"], string])[] = [
  [
    "wait_time",
    "min",
    `start(?:ing|ed)? as (?:soon|early) as possible|${least}${of} (?:wait(?:ing)?(?: times?)?|queue(?: times?| waits?)?|time in (?:the )?queue)|(?:shortest|soonest|earliest|quickest) (?:wait(?:ing)?(?: time)?|queue(?: time| wait)?|start(?: time)?)|shortest queue|soonest|earliest possible start`,
  ],
  [
    "energy",
    "min",
    `${least}${of} (?:energy|power|carbon|co2|emissions)(?: (?:use|usage|consumption|footprint|cost|draw|emissions))?|(?:most )?(?:energy|power)[- ]efficien(?:t|cy)(?:ly)?|greenest|lowest[- ]carbon`,
  ],
  [
    "cost",
    "min",
    `${least}${of} (?:costs?|price|spend(?:ing)?|money|expense)(?: (?:as low as possible|down|low))?|(?:the )?cheapest(?: (?:option|possible|site|cluster|place|one|way|offer))?|as (?:cheap(?:ly)?|inexpensive(?:ly)?) as possible|least expensive(?: (?:option|site|one))?|lowest[- ](?:cost|price)|cost[- ](?:effective|efficient)(?:ly)?|keep (?:it|the cost|costs) (?:cheap|low|down)|cheap(?:ly)?|(?:the )?(?:costs?|price) (?:matters?|counts?|is)(?: (?:more|most|important|everything|key|the priority)){1,2}(?: (?:important )?than (?:speed|time|performance))?`,
  ],
  [
    "time_to_completion",
    "min",
    `${least}${of} (?:time[- ]to[- ](?:completion|solution|results?)|(?:total |overall )?(?:run|turnaround|completion|execution|wall(?:clock)?)[- ]?time|turnaround|makespan|time)|fastest(?: (?:option|possible|site|cluster|place|one|way|turnaround|results?|completion|time to (?:solution|completion)))?|(?:shortest|quickest|best)(?: possible)? (?:turnaround|time to (?:solution|completion)|run ?time|completion)|quickest|speed(?: is| matters)(?: most| everything| important)?`,
  ],
  [
    "performance",
    "max",
    `${most}${of} (?:performance|throughput|flops|speed)|most powerful|high(?:est)?[- ]performance(?! (?:network|computing|interconnect|storage))|best[- ]performing`,
  ],
];

/** What to prefer among the sites that can serve the request. */
export const objectiveRules: readonly Rule[] = words.map(([metric, goal, pattern]) => ({
  name: `objective ${metric}`,
  pattern: new RegExp(
    `${before}(?<![\\w-])(?:${pattern})(?![\\w-])(?: (?:is best|wins|first|matters|please|possible|available)){0,2}`,
    "g",
  ),
  read: ({ reading }) => {
    const { draft } = reading;
    const known = draft.objectives ?? [];
    if (!known.some((objective) => objective.metric === metric)) {
      draft.objectives = [...known, { metric, goal, weight: 1 }];
    }
    return { path: "objectives" };
  },
}));
