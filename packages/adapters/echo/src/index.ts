/** The skeleton adapter: tools that echo. */

export { createEcho } from "./echo.ts";
export type { EchoOptions, Toolkit } from "./echo.ts";
export { Echoed, simpleEcho, structuredEcho } from "./say.ts";
