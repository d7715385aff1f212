import { ParleyError } from "@parley/core";
import { checked, option } from "./submission.ts";

/** What Slurm takes beyond the terms every scheduler shares. */
export interface SlurmExtras {
  readonly qos?: string | undefined;
  readonly reservation?: string | undefined;
  /** Features of the nodes, such as `zen4&ib`. */
  readonly constraint?: string | undefined;
  /** Such as `afterok:12:13` or `singleton`. */
  readonly dependency?: string | undefined;
  /** Earliest start, ISO 8601 in UTC without zone, `now+1hour` and the like. */
  readonly begin?: string | undefined;
  /** Indices of an array job, such as `1-4%2`; for scripts only, whose output then goes to a file per task. */
  readonly array?: string | undefined;
  /** Whether it waits until it is released. */
  readonly hold?: boolean | undefined;
}

const shapes = {
  constraint: /^[A-Za-z0-9_][A-Za-z0-9_.,:=&|*()[\]-]{0,255}$/,
  dependency:
    /^(?:singleton|after(?:any|ok|notok|corr|burstbuffer)?:\d{1,10}(?:_\d{1,9})?(?:\+\d{1,6})?(?::\d{1,10}(?:_\d{1,9})?)*)(?:[,?](?:singleton|after(?:any|ok|notok|corr)?:\d{1,10}(?:_\d{1,9})?(?::\d{1,10})*))*$/,
  begin:
    /^(?:now(?:\+\d{1,6}(?:seconds?|minutes?|hours?|days?|weeks?)?)?|midnight|noon|\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)$/,
  array: /^\d{1,8}(?:-\d{1,8}(?::\d{1,8})?)?(?:,\d{1,8}(?:-\d{1,8}(?::\d{1,8})?)?)*(?:%\d{1,6})?$/,
} as const;

function shaped(what: keyof typeof shapes, value: string | undefined): string | undefined {
  if (value === undefined || shapes[what].test(value)) return value;
  throw new ParleyError(
    "E_ENGINE_REFUSED",
    `The ${what} ${JSON.stringify(value.slice(0, 80))} is none that Slurm could have.`,
  );
}

/** As options of `sbatch`. @throws ParleyError `E_ENGINE_REFUSED` */
export function extraOptions(extras: SlurmExtras): string[] {
  const { qos, reservation, hold } = extras;
  return [
    ...option("qos", qos && checked("qos", qos)),
    ...option("reservation", reservation && checked("reservation", reservation)),
    ...option("constraint", shaped("constraint", extras.constraint)),
    ...option("dependency", shaped("dependency", extras.dependency)),
    ...option("begin", shaped("begin", extras.begin)),
    ...option("array", shaped("array", extras.array)),
    ...(hold === true ? ["--hold"] : []),
  ];
}
