/** `parley-worker` as a function; the worker itself is `createWorker` of @parley/fleet. */

export { createWorkerProgram } from "./program.ts";
