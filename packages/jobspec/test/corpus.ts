import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Dialect } from "@parley/jobspec";

/** One script, jobspec or manifest of the corpus. */
export interface CorpusFile {
  /** `slurm/array.sh`. */
  readonly name: string;
  readonly dialect: Dialect;
  readonly text: string;
}

const root = fileURLToPath(new URL("corpus", import.meta.url));

/** Every file of the corpus; its folder says which dialect it is in. */
export const corpus: readonly CorpusFile[] = readdirSync(root)
  .toSorted()
  .flatMap((folder) =>
    readdirSync(join(root, folder))
      .toSorted()
      .map((file) => ({
        name: `${folder}/${file}`,
        dialect: Dialect.parse(folder),
        text: readFileSync(join(root, folder, file), "utf8"),
      })),
  );
