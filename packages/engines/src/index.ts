/** One client per scheduler. The port; each engine lives on a subpath (`./local`, `./slurm`, `./flux`). */

export type {
  Engine,
  EngineCallOptions,
  LogOptions,
  StartEstimate,
  SubmitOptions,
  Submitted,
} from "./engine.ts";
