export { countResources } from "./count.ts";
export { explainJobspec } from "./explain.ts";
export type { JobspecExplanation } from "./explain.ts";
export { normaliseJobspec } from "./normalise.ts";
export { parseJobspec } from "./parse.ts";
export type { JobspecProblem } from "./problem.ts";
export { validateJobspec } from "./validate.ts";
export type { JobspecVerdict } from "./validate.ts";
