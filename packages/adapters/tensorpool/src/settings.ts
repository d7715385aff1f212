import { ParleyError } from "@parley/core";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Limits, TensorPoolOptions } from "./options.ts";
import { parsePrices } from "./prices.ts";

/** The options of one call, with the environment applied. */
export interface Settings {
  readonly key: string | undefined;
  /** Origin and path prefix, without a trailing slash. */
  readonly engine: string;
  readonly backend: "cli" | "http";
  readonly program: string;
  /** PATH to find the program on. */
  readonly path: string;
  /** Absolute. */
  readonly root: string;
  readonly allowCommands: boolean;
  readonly limits: Limits;
  /** US dollars per GPU and hour, by GPU in capitals. */
  readonly prices: ReadonlyMap<string, number>;
  readonly leaseHours: number | undefined;
  readonly stateDirectory: string;
}

const defaultEngine = "https://engine.tensorpool.dev";

type Variable = (name: string) => string | undefined;

/** Reads options, then `TENSORPOOL_*`. An empty variable counts as unset. @throws `E_CONFIG_INVALID` */
export function readSettings(options: TensorPoolOptions): Settings {
  const variable = variablesOf(options.env ?? process.env);
  return {
    key: readKey(options, variable),
    engine: readEngine(options.engine ?? variable("TENSORPOOL_ENGINE") ?? defaultEngine),
    backend: options.backend ?? readBackend(variable("TENSORPOOL_BACKEND") ?? "cli"),
    program: options.program ?? variable("TENSORPOOL_TP") ?? "tp",
    path: variable("PATH") ?? "",
    root: resolve(options.workdir ?? variable("TENSORPOOL_WORKDIR") ?? "."),
    allowCommands: options.allowCommands ?? readFlag(variable, "TENSORPOOL_ALLOW_COMMANDS"),
    limits: readLimits(options.limits ?? {}, variable),
    prices: parsePrices(options.prices ?? variable("TENSORPOOL_PRICES") ?? {}),
    leaseHours: options.leaseHours ?? readNumber(variable, "TENSORPOOL_LEASE_HOURS"),
    stateDirectory: readStateDirectory(variable),
  };
}

function readLimits({ maxGpus, maxUsdPerHour, maxUsd }: Limits, variable: Variable): Limits {
  return {
    maxGpus: maxGpus ?? readNumber(variable, "TENSORPOOL_MAX_GPUS"),
    maxUsdPerHour: maxUsdPerHour ?? readNumber(variable, "TENSORPOOL_MAX_USD_PER_HOUR"),
    maxUsd: maxUsd ?? readNumber(variable, "TENSORPOOL_MAX_USD"),
  };
}

/** The key of a call. @throws `E_CONFIG_INVALID` when there is none */
export function requireKey({ key }: Pick<Settings, "key">): string {
  if (key !== undefined) return key;
  throw new ParleyError(
    "E_CONFIG_INVALID",
    "TENSORPOOL_API_KEY (or TENSORPOOL_KEY) is not set in the environment: export it, or put it into .env for local use.",
  );
}

function variablesOf(env: Readonly<Record<string, string | undefined>>): Variable {
  return (name) => {
    const value = env[name]?.trim();
    return value === "" ? undefined : value;
  };
}

function readKey({ key }: TensorPoolOptions, variable: Variable): string | undefined {
  const given = typeof key === "function" ? key() : key;
  const found = given ?? variable("TENSORPOOL_KEY") ?? variable("TENSORPOOL_API_KEY");
  if (found === undefined || /^[\u0021-\u007e]+$/.test(found)) return found;
  throw new ParleyError("E_CONFIG_INVALID", "The TensorPool key holds characters a header cannot carry.");
}

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

function readEngine(address: string): string {
  if (!URL.canParse(address)) throw badEngine(`${JSON.stringify(address)} is no URL`);
  const url = new URL(address);
  if (url.username !== "" || url.password !== "") throw badEngine("holds a password");
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback.test(url.hostname))) {
    throw badEngine(`${url.origin} is not https, and the key would travel in the clear`);
  }
  return url.origin + url.pathname.replace(/\/+$/, "");
}

function badEngine(reason: string): ParleyError {
  return new ParleyError(
    "E_CONFIG_INVALID",
    `The address of the engine ${reason}: correct TENSORPOOL_ENGINE.`,
  );
}

function readBackend(value: string): Settings["backend"] {
  if (value === "cli" || value === "http") return value;
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `TENSORPOOL_BACKEND is cli or http, not ${JSON.stringify(value)}.`,
  );
}

function readFlag(variable: Variable, name: string): boolean {
  const value = variable(name)?.toLowerCase() ?? "0";
  if (["1", "true", "yes", "on"].includes(value)) return true;
  if (["0", "false", "no", "off"].includes(value)) return false;
  throw new ParleyError("E_CONFIG_INVALID", `${name} is 1 or 0, not ${JSON.stringify(value)}.`);
}

function readNumber(variable: Variable, name: string): number | undefined {
  const value = variable(name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isFinite(number) && number > 0) return number;
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `${name} is a number greater than 0, not ${JSON.stringify(value)}.`,
  );
}

function readStateDirectory(variable: Variable): string {
  const given = variable("TENSORPOOL_STATE_DIR");
  if (given !== undefined) return resolve(given);
  const home = variable("HOME") ?? homedir();
  return join(variable("XDG_STATE_HOME") ?? join(home, ".local", "state"), "parley", "tensorpool");
}
