/** `parley-hub` as a function; the hub itself is `createHub` of @parley/fleet. */

export { createHubProgram } from "./program.ts";
