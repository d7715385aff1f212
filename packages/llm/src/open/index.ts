/** Opens the model that a program's options name: a real, scripted, replayed or recorded one. */

export { openModel } from "./open-model.ts";
export type { ModelSettings, OpenModel, OpenModelOptions } from "./open-model.ts";
