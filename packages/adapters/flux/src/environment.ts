import { ParleyError } from "@parley/core";
import type { FluxJobspec } from "@parley/engines/flux";
import { looksSecret } from "./secrets.ts";

type Variables = Readonly<Record<string, string>>;

const inherited = ["PATH", "HOME", "USER", "LANG"] as const;
const forFlux = /^(?:FLUX_\w+|XDG_RUNTIME_DIR|TMPDIR|LOGNAME|TZ)$/;
const variableName = /^[A-Za-z_][A-Za-z0-9_]{0,199}$/;

function pick(
  env: Readonly<Record<string, string | undefined>>,
  wanted: (name: string) => boolean,
): Variables {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && wanted(entry[0]),
    ),
  );
}

/** What the flux command itself runs with: enough to find its instance, and nothing that a job could inherit by chance. */
export function commandEnvironment(env: Readonly<Record<string, string | undefined>>): Variables {
  const found = pick(env, (name) => forFlux.test(name) || inherited.some((known) => known === name));
  return { PATH: "/usr/local/bin:/usr/bin:/bin", ...found };
}

/** What every job is given of the server's environment. @throws `E_CONFIG_INVALID` when that would pass on a secret */
export function inheritedEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  further: readonly string[] = [],
): Variables {
  const passed = pick(env, (name) => further.includes(name) || inherited.some((known) => known === name));
  const secret = Object.entries(passed).find(([name, value]) => looksSecret(name, value));
  if (secret === undefined) return passed;
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `passEnvironment names ${secret[0]}, which looks like a secret, and a jobspec can be read by others: pass a file's path instead.`,
  );
}

/** Checks variables on their way into a jobspec. @throws `E_ARGUMENT_INVALID` */
export function checkVariables(given: Variables): Variables {
  for (const [name, value] of Object.entries(given)) {
    if (!variableName.test(name) || value.includes("\0")) {
      throw new ParleyError(
        "E_ARGUMENT_INVALID",
        `${JSON.stringify(name.slice(0, 60))} cannot be a variable of a job: use letters, digits and _, and a value without NUL.`,
      );
    }
    if (looksSecret(name, value)) {
      throw new ParleyError(
        "E_ARGUMENT_INVALID",
        `The variable ${name} looks like a secret, and a jobspec can be read by others: put it into a file that only you can read, and pass its path as ${name}_FILE.`,
      );
    }
  }
  return given;
}

function variablesIn(value: unknown): Variables {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

const within = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null
        ? new Map<string, unknown>(Object.entries(inner)).get(key)
        : undefined,
    value,
  );

const system = ["attributes", "system"] as const;

/** Checks the variables of a jobspec that comes from outside. @throws `E_ARGUMENT_INVALID` */
export function checkJobspecVariables(jobspec: FluxJobspec): FluxJobspec {
  checkVariables(variablesIn(within(jobspec, ...system, "environment")));
  checkVariables(variablesIn(within(jobspec, ...system, "shell", "options", "env-expand")));
  return jobspec;
}

/** A jobspec with other system attributes; the rest stays. */
export function withSystem(
  jobspec: FluxJobspec,
  change: (attributes: ReadonlyMap<string, unknown>) => Iterable<readonly [string, unknown]>,
): FluxJobspec {
  const attributes = within(jobspec, "attributes");
  const now = within(jobspec, ...system);
  const fields = new Map<string, unknown>(typeof now === "object" && now !== null ? Object.entries(now) : []);
  return {
    ...jobspec,
    attributes: {
      ...(typeof attributes === "object" ? attributes : {}),
      system: Object.fromEntries(change(fields)),
    },
  };
}

/** A jobspec whose environment is what jobs are given, and what it names itself; nothing of the command's own. */
export function withEnvironment(jobspec: FluxJobspec, given: Variables): FluxJobspec {
  const own = variablesIn(within(jobspec, ...system, "environment"));
  const kept = Object.entries(own).filter(
    ([name]) => !forFlux.test(name) && !/^(?:LC_ALL|NO_COLOR)$/.test(name),
  );
  const environment = { ...Object.fromEntries(kept), ...given };
  return checkJobspecVariables(
    withSystem(jobspec, (fields) => new Map([...fields, ["environment", environment]])),
  );
}
