/** A model behind a secretary: it reads words that no rule reads. */

export { createWordReader } from "./create-word-reader.ts";
export type { WordReaderOptions } from "./create-word-reader.ts";
