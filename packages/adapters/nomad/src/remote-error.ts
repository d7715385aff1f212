import { type ErrorCode, ParleyError } from "@parley/core";

/** What a request was for, for the error it may end in. */
export interface Purpose {
  /** A clause after "cannot", for example `read job "web"`. */
  readonly doing: string;
  /** The ACL capability Nomad asks for, for example `read-job`. */
  readonly needs?: string | undefined;
}

interface Rule {
  readonly status?: number;
  readonly text?: RegExp;
  readonly code: ErrorCode;
  readonly kind: string;
  readonly next: string;
}

/** In order: Nomad answers 500 to much that is not its fault, so the text is looked at too. */
const rules: readonly Rule[] = [
  {
    text: /ACL token not found|token is expired|UUID must be/i,
    code: "E_ENGINE_FORBIDDEN",
    kind: "denied",
    next: "The token is unknown to this cluster or expired: set NOMAD_TOKEN to a valid one",
  },
  { status: 401, code: "E_ENGINE_FORBIDDEN", kind: "denied", next: "Set NOMAD_TOKEN" },
  {
    status: 403,
    code: "E_ENGINE_FORBIDDEN",
    kind: "denied",
    next: "The token, or its absence, does not allow it",
  },
  {
    text: /Permission denied/i,
    code: "E_ENGINE_FORBIDDEN",
    kind: "denied",
    next: "The token, or its absence, does not allow it",
  },
  { text: /job(?: "[^"]*")? not found/i, code: "E_ENGINE_JOB_UNKNOWN", kind: "not_found", next: seeJobs() },
  {
    text: /HTTP request to an HTTPS server/i,
    code: "E_CONFIG_INVALID",
    kind: "invalid",
    next: "The agent speaks TLS: write https:// in NOMAD_ADDR",
  },
  {
    text: /Enforcing job modify index|Enforcing version|check-and-set/i,
    code: "E_OBJECT_CONFLICT",
    kind: "conflict",
    next: "Somebody changed it meanwhile: read it again",
  },
  { status: 409, code: "E_OBJECT_CONFLICT", kind: "conflict", next: "Read it again before writing" },
  {
    text: /No cluster leader|No path to region|rpc error: .*EOF|connection refused/i,
    code: "E_ENGINE_UNREACHABLE",
    kind: "unavailable",
    next: "The agent answers but its servers do not: look at get_cluster_status",
  },
  {
    status: 429,
    code: "E_ENGINE_UNREACHABLE",
    kind: "unavailable",
    next: "Too many connections: wait and try again",
  },
  {
    text: /Enterprise only/i,
    code: "E_ENGINE_REFUSED",
    kind: "enterprise",
    next: "This needs Nomad Enterprise",
  },
  {
    text: /not found|unknown (?:allocation|node|deployment)/i,
    code: "E_OBJECT_UNKNOWN",
    kind: "not_found",
    next: "Check its name, namespace and region",
  },
  { status: 404, code: "E_OBJECT_UNKNOWN", kind: "not_found", next: "Check its name, namespace and region" },
  { status: 502, code: "E_ENGINE_UNREACHABLE", kind: "unavailable", next: "A proxy answers, Nomad does not" },
  { status: 503, code: "E_ENGINE_UNREACHABLE", kind: "unavailable", next: "Try again later" },
  { status: 504, code: "E_ENGINE_UNREACHABLE", kind: "unavailable", next: "Try again later" },
];

function seeJobs(): string {
  return "list_jobs shows the jobs there are; check the namespace";
}

const fallback: Omit<Rule, "next"> = { code: "E_ENGINE_REFUSED", kind: "invalid" };

/** Turns Nomad's plain-text error into ours; at most 512 characters of it are kept. */
export function remoteError(status: number, body: string, { doing, needs }: Purpose): ParleyError {
  const said = oneLine(body);
  const rule = rules.find(
    (each) => (each.status ?? status) === status && (each.text === undefined || each.text.test(said)),
  );
  const { code, kind } = rule ?? fallback;
  const capability = kind === "denied" && needs !== undefined ? ` (it needs ${needs})` : "";
  const next = rule === undefined ? "" : ` ${rule.next}${capability}.`;
  return new ParleyError(
    code,
    `Cannot ${doing}: Nomad says ${JSON.stringify(said)} (HTTP ${String(status)}).${next}`,
    {
      details: { kind, status, ...(needs === undefined ? {} : { needs }) },
    },
  );
}

/** Nomad's errors are plain text. What is JSON is the object in conflict, a variable with its values perhaps. */
function oneLine(body: string): string {
  if (body.trimStart().startsWith("{")) return "(an object)";
  const line = body.replaceAll(/\s+/g, " ").trim();
  return line.length > 512 ? `${line.slice(0, 512)}...` : line;
}

const certificateFaults: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed; set NOMAD_CACERT",
  SELF_SIGNED_CERT_IN_CHAIN: "its authority is not known here; set NOMAD_CACERT",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its authority is not known here; set NOMAD_CACERT",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its authority is not known here; set NOMAD_CACERT",
  CERT_HAS_EXPIRED: "its certificate has expired; renew it",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate has another name; set NOMAD_TLS_SERVER_NAME",
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak TLS; write http:// in NOMAD_ADDR",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    "it asks for a client certificate; set NOMAD_CLIENT_CERT and NOMAD_CLIENT_KEY",
};

/** Turns a request that got no answer into `E_ENGINE_UNREACHABLE`, saying what the cause points to. */
export function connectionError(cause: unknown, where: string, { doing }: Purpose): ParleyError {
  const fault = faultCode(cause);
  const known = fault === undefined ? undefined : certificateFaults[fault];
  const reason = known ?? `it does not answer${fault === undefined ? "" : ` (${fault})`}; check NOMAD_ADDR`;
  return new ParleyError("E_ENGINE_UNREACHABLE", `Cannot ${doing}: no connection to ${where}: ${reason}.`, {
    cause,
    retryable: known === undefined,
    details: { kind: "unavailable", ...(fault === undefined ? {} : { fault }) },
  });
}

const neverSent: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "ENOENT",
  "EACCES",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** A write that got no answer may have been done: nobody should repeat it unseen. */
export function unsureError(error: unknown): unknown {
  if (!ParleyError.isInstance(error) || error.code !== "E_ENGINE_UNREACHABLE") return error;
  const { code, message, details, cause } = error;
  if ("status" in details || neverSent.has(details["fault"])) return error;
  const hint = `${message} It may have been done: look before trying again.`;
  return new ParleyError(code, hint, { cause, details, retryable: false });
}

function faultCode(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ("code" in at && typeof at.code === "string") return at.code;
  }
  return undefined;
}
