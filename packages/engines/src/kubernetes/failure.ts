import { ParleyError } from "@parley/core";
import type { ErrorCode } from "@parley/core";
import { redact } from "@parley/exec";
import type { RunResult } from "@parley/exec";

const kinds: readonly (readonly [RegExp, ErrorCode])[] = [
  [
    /\(NotFound\)|not found in|the server doesn't have a resource type|no matches for kind/i,
    "E_OBJECT_UNKNOWN",
  ],
  [/\(AlreadyExists\)|\(Conflict\)|Apply failed with \d+ conflict/i, "E_OBJECT_CONFLICT"],
  [
    /\(Forbidden\)|\(Unauthorized\)|must be logged in to the server|cannot impersonate/i,
    "E_ENGINE_FORBIDDEN",
  ],
  [
    /connection to the server|connection refused|no such host|i\/o timeout|TLS handshake timeout|Client\.Timeout|unable to connect|ServiceUnavailable|\(Timeout\)|EOF$|stat \S+: no such file|context "?[^"\n]*"? does not exist|no configuration has been provided|certificate|apiserver not ready/im,
    "E_ENGINE_UNREACHABLE",
  ],
  [
    /is invalid|\(BadRequest\)|unknown field|strict decoding|error validating|\(Invalid\)/i,
    "E_ENGINE_REFUSED",
  ],
];

/** The sentences of kubectl that say most: its complaints, without client warnings and log prefixes, secrets hidden. */
function kubectlSays({ stderr, stdout }: RunResult): string {
  const lines = (stderr.trim() === "" ? stdout : stderr)
    .slice(0, 64 * 1024)
    // eslint-disable-next-line no-control-regex -- terminal colours and other control characters are removed
    .replace(/\u001b\[[0-9;]*[A-Za-z]|[\u0000-\u0008\u000b-\u001f\u007f]/g, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^(?:WARNING|Warning):|^[EWI]\d{4} |^Flag --/.test(line))
    .map((line) => line.replace(/^(?:Error from server(?: \(\w+\))?|error): /i, ""));
  const said = redact([...new Set(lines)].slice(0, 4).join(" "));
  return said.length > 800 ? `${said.slice(0, 800)}...` : said;
}

/** Which of the known failures a command that is not ok shows; `undefined` for any other. */
function failureCode(result: RunResult): ErrorCode | undefined {
  if (result.failure === "not-found") return "E_ENGINE_MISSING";
  if (result.failure === "aborted") return "E_INTERRUPTED";
  if (result.failure === "output-limit") return "E_EXEC_OUTPUT_LIMIT";
  if (result.failure === "timeout" || result.failure === "signal") return "E_ENGINE_UNREACHABLE";
  return kinds.find(([pattern]) => pattern.test(result.stderr))?.[1];
}

/** A failed kubectl as an error that says what failed, on what, and what to do. */
export function toKubectlError(result: RunResult, fallback: ErrorCode = "E_ENGINE_REFUSED"): ParleyError {
  const code = failureCode(result) ?? fallback;
  const says = kubectlSays(result);
  const messages: Partial<Record<ErrorCode, string>> = {
    E_ENGINE_MISSING: "kubectl was not found: install it or correct PATH.",
    E_INTERRUPTED: "kubectl was interrupted.",
    E_EXEC_OUTPUT_LIMIT:
      "kubectl printed more than is kept: narrow the question by name, namespace or label.",
    E_ENGINE_UNREACHABLE:
      result.failure === "timeout"
        ? `The Kubernetes API did not answer within ${String(Math.round(result.durationMs))} ms.`
        : `The Kubernetes API does not answer (${says}): check the kubeconfig and its context.`,
    E_ENGINE_FORBIDDEN: `The Kubernetes API refused this user: ${says}`,
  };
  return new ParleyError(code, messages[code] ?? `Kubernetes refused: ${says || "no reason given"}`, {
    details: { says, ...(result.exitCode === undefined ? {} : { exitCode: result.exitCode }) },
  });
}
