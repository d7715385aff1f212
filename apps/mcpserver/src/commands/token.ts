import { isoTime, ParleyError, parseDurationSeconds, systemClock } from "@parley/core";
import { resolveOptions } from "@parley/cli";
import type { Io } from "@parley/cli";
import { readConfigFile } from "@parley/cli/config-file";
import { renderTable } from "@parley/cli/table";
import { type TokenInfo, tokenStore } from "@parley/server";
import { tokenAddOptions, tokenFileOptions, tokenOptions } from "../token-options.ts";

type Flags = Readonly<Record<string, unknown>>;

/** `mcpserver token add NAME`. */
export async function runTokenAdd(name: string, flags: Flags, io: Io): Promise<void> {
  const { values } = resolveOptions(tokenAddOptions, { flags, env: io.env });
  const path = await tokenPath(flags, io);
  const { token, entry } = await tokenStore(path).add({
    name,
    scopes: values.scopes,
    ...(values.expires === undefined ? {} : { expiresAt: readExpiry(values.expires) }),
  });
  if (values.json) {
    io.out(JSON.stringify({ token, ...entry }));
    return;
  }
  io.out(token);
  const until = entry.expiresAt === undefined ? "until it is removed" : `until ${entry.expiresAt}`;
  io.err(
    `Added "${entry.name}" (${entry.scopes.join(", ")}) to ${path}, valid ${until}. It is shown this once.`,
  );
}

/** `mcpserver token list`. */
export async function runTokenList(flags: Flags, io: Io): Promise<void> {
  const { values } = resolveOptions(tokenOptions, { flags, env: io.env });
  const path = await tokenPath(flags, io);
  const tokens = await tokenStore(path).list();
  if (values.json) {
    io.out(JSON.stringify({ tokens: tokens.map((token) => ({ ...token, state: stateOf(token) })) }));
    return;
  }
  if (tokens.length === 0) {
    io.err(`No tokens in ${path}. Make one with: mcpserver token add NAME`);
    return;
  }
  const rows = tokens.map((token) => [
    token.name,
    stateOf(token),
    token.createdAt,
    token.expiresAt ?? "never",
    token.scopes.join(" "),
  ]);
  const head = ["name", "state", "created", "expires", "scopes"];
  io.out(renderTable({ head, rows, width: io.width, colors: io.colors }));
}

/** `mcpserver token remove NAME` and `token revoke NAME`. */
export async function runTokenEnd(
  { verb, name }: { readonly verb: "remove" | "revoke"; readonly name: string },
  flags: Flags,
  io: Io,
): Promise<void> {
  const { values } = resolveOptions(tokenOptions, { flags, env: io.env });
  const path = await tokenPath(flags, io);
  const ended = await tokenStore(path)[verb](name);
  if (values.json) io.out(JSON.stringify(ended));
  else io.err(`${verb === "remove" ? "Removed" : "Revoked"} "${ended.name}" in ${path}.`);
}

async function tokenPath(flags: Flags, io: Io): Promise<string> {
  const { config, tokens } = resolveOptions(tokenFileOptions, { flags, env: io.env }).values;
  if (tokens !== undefined) return tokens;
  if (config !== undefined) {
    const file = await readConfigFile(config, { env: io.env });
    for (const problem of file.problems) throw problem;
    const { values } = resolveOptions(tokenFileOptions, { flags, env: io.env, file });
    if (values.tokens !== undefined) return values.tokens;
  }
  throw new ParleyError(
    "E_CONFIG_INVALID",
    "Which token file? Pass --tokens FILE, set MCPSERVER_TOKENS, or name server.tokens in the file of --config.",
  );
}

function readExpiry(text: string): string {
  const seconds = parseDurationSeconds(text);
  const isDate = /^\d{4}-\d{2}-\d{2}/.test(text);
  const time = isDate || seconds === undefined ? Date.parse(text) : systemClock.now() + seconds * 1000;
  if (isDate ? !Number.isNaN(time) : seconds !== undefined && seconds > 0) return isoTime(time);
  const shown = JSON.stringify(text.slice(0, 80));
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `--expires: ${shown} is neither a duration such as 30d nor a date.`,
  );
}

function stateOf({ expiresAt, revokedAt }: TokenInfo): "valid" | "expired" | "revoked" {
  if (revokedAt !== undefined) return "revoked";
  return expiresAt !== undefined && Date.parse(expiresAt) <= systemClock.now() ? "expired" : "valid";
}
