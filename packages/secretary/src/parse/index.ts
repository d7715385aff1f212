export { parseRequest } from "./parse-request.ts";
export type { ParseContext, ParsedRequest } from "./parse-request.ts";
export { maxRequestLength } from "./normalise.ts";
