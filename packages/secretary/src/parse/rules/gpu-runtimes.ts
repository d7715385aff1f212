import { fillGpu } from "../draft.ts";
import type { Rule } from "../mask.ts";

const rule = (name: string, pattern: string, read: Rule["read"]): Rule => ({
  name,
  pattern: new RegExp(pattern, "g"),
  read,
});

const runtime =
  (value: "cuda" | "rocm" | "oneapi", vendor: "nvidia" | "amd" | "intel"): Rule["read"] =>
  ({ reading }) => {
    const { draft } = reading;
    if (draft.gpu?.need === "none") return "refused";
    return fillGpu(draft, { runtime: value, ...(draft.gpu?.vendor === undefined ? { vendor } : {}) });
  };

/** ROCm and oneAPI by name; CUDA is read as software. */
export const gpuRuntimeRules: readonly Rule[] = [
  rule(
    "rocm",
    "(?:with |and |using |on |has |have )?(?<![\\w-])(rocm)(?![\\w-]| ?(?:version |v|[<>=~@]|\\d))(?: support| enabled)?",
    runtime("rocm", "amd"),
  ),
  rule(
    "oneapi",
    "(?:with |and |using )?(?<![\\w-])(oneapi)(?![\\w-]| ?(?:version |v|[<>=~@]|\\d))(?: support)?",
    runtime("oneapi", "intel"),
  ),
];
