/** Answers, with evidence, whether a site can serve a request, and plans its dispatch. */

export { createSecretary } from "./secretary.ts";
export type { Secretary, SecretaryOptions } from "./secretary.ts";
export type { ProposeOptions } from "./propose.ts";
export type { DispatchPlan, PlanOptions } from "./plan.ts";

export { noteReadings } from "./note-readings.ts";
export { partInWords } from "./reader.ts";
export type { ReadOptions, WordReader } from "./reader.ts";
export { readingInWords, withReadings } from "./readings.ts";
export type { ReadRequest } from "./readings.ts";

export { evaluate } from "./evaluate.ts";
export type { EvaluateOptions, Evaluation } from "./evaluate.ts";

export { mergeRequirements } from "./merge-requirements.ts";
export type { RequirementOverrides } from "./merge-requirements.ts";
export { renderRequest } from "./render-request.ts";
export { legacyText } from "./legacy-text.ts";

export { compareVersions, satisfiesVersion } from "./versions.ts";
export { tokenizeCommand } from "./command.ts";
export type { Tokenized } from "./command.ts";
export { defaultWalltimeSeconds } from "./walltime.ts";
export { maxRequestLength, parseRequest } from "./parse/index.ts";
export type { ParseContext, ParsedRequest } from "./parse/index.ts";
export { applications, expandSoftwareNames, findApplication } from "./vocabulary/index.ts";
export type { Application } from "./vocabulary/index.ts";
