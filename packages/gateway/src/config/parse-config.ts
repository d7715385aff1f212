import { ParleyError } from "@parley/core";
import { z } from "zod";
import { readDocument } from "./_document.ts";
import type { ConfigProblem, Document, Path } from "./_document.ts";
import { Entry, entryKeys, KeyEntry } from "./_entry.ts";
import type { Sources } from "./_interpolate.ts";
import { credentialProblems, readCredentials } from "./_read-credentials.ts";
import { isEnabled, readEntry } from "./_read-entry.ts";
import { readSafety } from "./_safety.ts";
import type { EntryProblem } from "./_read-entry.ts";
import { readGroups } from "./_read-groups.ts";
import { asUsual, rootOf } from "./_spellings.ts";
import type { GatewayGroup, GatewayKey, GatewayServer, GatewayServers } from "./gateway-config.ts";

/** Where a configuration's text comes from and what its variables stand for. */
export interface ParseConfigOptions extends Sources {
  /** Names the file in messages. */
  readonly path: string;
  /** Hears, with its place, of what means nothing here. */
  readonly onWarning?: ((message: string, about: { readonly key: string }) => void) | undefined;
}

/** Letters of any script, spaces and slashes too: addresses have them percent-encoded. */
const serverName = /^[\p{L}\p{N}\p{So}_@(][\p{L}\p{M}\p{N}\p{S} _.,;:@()'&+=!~/-]{0,199}$/u;
/** Addresses of the gateway itself. */
const reserved: ReadonlySet<string> = new Set([
  "docs",
  "health",
  "healthz",
  "mcp",
  "messages",
  "metrics",
  "openapi.json",
  "readyz",
  "redoc",
  "servers",
  "sse",
]);

const File = z.looseObject(
  {
    mcpServers: z.record(z.string(), z.unknown(), { error: "write an object of servers by name" }),
    keys: z.record(z.string(), z.unknown(), { error: "write an object of keys by name" }).nullish(),
    groups: z.record(z.string(), z.unknown(), { error: "write an object of groups by name" }).nullish(),
  },
  { error: "write an object with mcpServers" },
);

/**
 * Reads a configuration in the form of Claude Desktop and mcpo: JSON with comments and trailing commas; `${NAME}`,
 * `${NAME:-default}` and `${file:PATH}` in any text.
 * @throws `E_CONFIG_INVALID` naming the first problem with line and column; all are in its details, as `problems`
 */
export function parseGatewayConfig(text: string, options: ParseConfigOptions): GatewayServers {
  const document = readDocument(text.replace(/^\uFEFF/, ""), options);
  const problems: ConfigProblem[] = [];
  const broken = document.faults.find(({ path }) => path.length === 0);
  if (broken !== undefined) throw refusal(options.path, [broken.problem]);
  const file = File.safeParse(asUsual(document.value));
  if (!file.success) throw refusal(options.path, problemsOf(document, [], file.error));
  const { mcpServers, keys, groups: rawGroups } = file.data;
  const off = new Set(Object.keys(mcpServers).filter((name) => isOff(mcpServers[name])));
  problems.push(
    ...document.faults
      .filter(({ path: [first, second] }) => first !== rootOf(document.value) || !off.has(String(second)))
      .map(({ problem }) => problem),
  );
  const reading: Reading = { document, problems, options };
  const servers = Object.entries(mcpServers).flatMap(([name, raw]) =>
    off.has(name) ? offServer(name, raw) : serverOf(name, raw, reading),
  );
  const known = Object.entries(keys ?? {}).flatMap(([name, raw]) => keyOf(name, raw, reading));
  const groups = groupsOf(rawGroups ?? {}, Object.keys(mcpServers), reading);
  checkKeyGroups(known, groups, reading);
  report(credentialProblems(known, servers), reading);
  if (Object.keys(mcpServers).length === 0) {
    problems.push(document.at(["mcpServers"], "mcpServers: name at least one server."));
  }
  const rules = readSafety(file.data, (path, message) => problems.push(document.at(path, message)));
  if (problems.length > 0) throw refusal(options.path, firstAtEachPlace(problems));
  return { servers, keys: known, groups, ...rules };
}

interface Reading {
  readonly document: Document;
  readonly problems: ConfigProblem[];
  readonly options: ParseConfigOptions;
}

function serverOf(name: string, raw: unknown, { document, problems, options }: Reading): GatewayServer[] {
  const place = ["mcpServers", name];
  const refuse = (path: Path, message: string): [] => {
    problems.push(document.at(path, `${path.join(".")}: ${message}.`));
    return [];
  };
  const unusable = nameProblem(name);
  if (unusable !== undefined) return refuse(place, unusable);
  const entry = Entry.safeParse(raw);
  if (!entry.success) {
    problems.push(...problemsOf(document, place, entry.error));
    return [];
  }
  for (const key of Object.keys(entry.data)) {
    if (entryKeys.includes(key) || foreign.has(key)) continue;
    const { line, column } = document.at([...place, key], "", "key");
    options.onWarning?.(
      `${options.path}:${line}:${column}: "${key}" means nothing here and is passed over.`,
      {
        key,
      },
    );
  }
  const server = readEntry(name, entry.data);
  return "message" in server ? refuse([...place, ...server.path], server.message) : [server];
}

function nameProblem(name: string): string | undefined {
  if (!serverName.test(name) || name.endsWith(" ") || /[$^`|<>]/.test(name))
    return "a name is up to 200 letters, digits, spaces and signs such as . _ - /, begins with a letter or digit and ends with no space";
  return reserved.has(name) ? "this is an address of the gateway itself; choose another name" : undefined;
}

function groupsOf(
  raw: Readonly<Record<string, unknown>>,
  servers: readonly string[],
  reading: Reading,
): readonly GatewayGroup[] {
  const read = readGroups(raw, servers, nameProblem);
  report(read.problems, reading);
  return read.groups;
}

function report(found: readonly EntryProblem[], { document, problems }: Reading): void {
  for (const { path, message } of found) {
    problems.push(document.at(path, `${path.join(".")}: ${message}.`));
  }
}

function checkKeyGroups(
  keys: readonly GatewayKey[],
  groups: readonly GatewayGroup[],
  reading: Reading,
): void {
  const found = keys.flatMap(({ name, groups: wanted = [] }) =>
    wanted.flatMap((group, index): EntryProblem[] =>
      groups.some((one) => one.name === group)
        ? []
        : [
            {
              path: ["keys", name, "groups", index],
              message: `there is no group called ${JSON.stringify(group)}`,
            },
          ],
    ),
  );
  report(found, reading);
}

/** A server that is not used may be unfinished. */
function offServer(name: string, raw: unknown): GatewayServer[] {
  const entry = Entry.safeParse(raw);
  const server = entry.success ? readEntry(name, entry.data) : undefined;
  if (server !== undefined && !("message" in server)) return [server];
  const connection = { kind: "stdio", command: "", args: [], env: {}, inheritEnv: false } as const;
  return [{ name, enabled: false, connection, tools: { allow: [], deny: [], changes: {} } }];
}

/** A variable that is not set leaves a value that is wrong for that alone. */
function firstAtEachPlace(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  const seen = new Set<string>();
  return problems.filter(({ line, column }) => {
    const place = `${line}:${column}`;
    if (seen.has(place)) return false;
    seen.add(place);
    return true;
  });
}

/** Keys that other programs put into the same file. */
const foreign: ReadonlySet<string> = new Set([
  "alwaysAllow",
  "autoApprove",
  "description",
  "icon",
  "metadata",
]);

function keyOf(name: string, raw: unknown, { document, problems }: Reading): GatewayKey[] {
  const entry = KeyEntry.safeParse(raw);
  if (!entry.success) {
    problems.push(...problemsOf(document, ["keys", name], entry.error));
    return [];
  }
  const { key, servers, tools, groups, credentials } = entry.data;
  return [
    {
      name,
      key,
      servers: servers ?? [],
      tools: tools ?? [],
      ...(groups == null ? {} : { groups }),
      ...(credentials == null ? {} : { credentials: readCredentials(credentials) }),
    },
  ];
}

function isOff(raw: unknown): boolean {
  const flags = z
    .looseObject({ enabled: z.boolean().nullish(), disabled: z.boolean().nullish() })
    .safeParse(raw);
  return flags.success && !isEnabled(flags.data);
}

function problemsOf(document: Document, place: Path, { issues }: z.ZodError): ConfigProblem[] {
  return issues.map((issue) => {
    const extra = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
    const path = [
      ...place,
      ...issue.path.map((part) => (typeof part === "number" ? part : String(part))),
      ...extra,
    ];
    const what = issue.code === "unrecognized_keys" ? "it means nothing here; take it out" : issue.message;
    return document.at(path, `${path.length === 0 ? "" : `${path.join(".")}: `}${what}.`);
  });
}

function refusal(path: string, problems: readonly ConfigProblem[]): ParleyError {
  const [first] = problems;
  const more =
    problems.length > 1 ? ` (and ${problems.length - 1} more; see: mcpo check --config ${path})` : "";
  const where = first === undefined ? path : `${path}:${first.line}:${first.column}: ${first.message}`;
  return new ParleyError("E_CONFIG_INVALID", `${where}${more}`, { details: { path, problems } });
}
