import { systemClock } from "@parley/core";
import type { CommandInput } from "../dependencies.ts";
import { commandOptions } from "../options.ts";
import { renderFields } from "../render/request.ts";
import { readFields } from "../request/fields.ts";
import { understand } from "../request/understood.ts";
import { readWords, requireRequest } from "../request/words.ts";
import { output, readOptions } from "../session.ts";

/** Shows how a request is understood, field by field; under `--json` exactly job-requirements/1. */
export async function runParse(input: CommandInput): Promise<void> {
  const values = readOptions(input, commandOptions.parse);
  const { io, dependencies } = input;
  const words = await readWords(input.args, dependencies);
  const fields = readFields(values);
  requireRequest(words, fields);
  const understood = understand(words, fields, (dependencies.clock ?? systemClock).now());
  output(io, values).print(understood.requirements, () => renderFields(understood, io));
}
