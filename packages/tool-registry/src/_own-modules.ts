/** What a tool's file is given of this process: one module, since each import of its own splits a bundle further. */

export * as core from "@parley/core";
export * as registry from "./index.ts";
export * as zod from "zod";
