import { Ajv, type ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import type { JsonSchema } from "./definitions.ts";

/** Compiles a schema; `undefined` when it cannot be compiled. */
export type Compile = (schema: JsonSchema) => ValidateFunction | undefined;

/** A compiler of draft 6 and 7 by their `$schema`, of 2020-12 for everything else. */
export function createCompiler(): Compile {
  // addUsedSchema false: two strangers' schemas may share an `$id`.
  const options = { strict: false, addUsedSchema: false, logger: false } as const;
  const draft07 = formats.default(new Ajv(options));
  const draft2020 = formats.default(new Ajv2020(options));
  return (schema) => {
    const dialect = schema["$schema"];
    const old = typeof dialect === "string" && /draft-0[67]/.test(dialect);
    const { $schema: _dialect, ...body } = schema;
    try {
      return old ? draft07.compile(body) : draft2020.compile(body);
    } catch {
      return undefined;
    }
  };
}
