/** What TLS says of a certificate that is self-signed or of an unknown authority. */
const codes: ReadonlySet<string> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
]);

/** Whether a code or an error, through its causes, says that the other side's authority is not trusted. */
export function isUntrusted(what: unknown): boolean {
  if (typeof what === "string") return codes.has(what);
  if (!(what instanceof Error)) return false;
  const isOne = "code" in what && typeof what.code === "string" && codes.has(what.code);
  return isOne || isUntrusted(what.cause);
}
