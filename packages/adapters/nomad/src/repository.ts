import { ParleyError } from "@parley/core";

const part = /^[A-Za-z0-9_.~-]+$/;

/**
 * One spelling for a repository: `host/owner/name`, or `owner/name` where no host is given. Takes ssh, scp-like and
 * https addresses, with and without `.git`.
 * @throws `E_ARGUMENT_INVALID`
 */
export function normalizeRepository(given: string): string {
  const text = given
    .trim()
    .replace(/^[a-z+]+:\/\//i, "")
    .replace(/^[^@/]+@/, "");
  // git@host:owner/name is the scp form; a port comes only before a slash.
  const path = text.replace(/^([^/:]+):(?:\d+\/)?/, "$1/");
  const parts = path
    .replace(/\/+$/, "")
    .replace(/\.git$/, "")
    .split("/");
  const odd = parts.some((each) => !part.test(each) || each === "." || each === "..");
  if (odd || parts.length < 2) {
    throw new ParleyError(
      "E_ARGUMENT_INVALID",
      `${JSON.stringify(given)} names no repository: write owner/name or its address.`,
    );
  }
  const [first = "", ...rest] = parts;
  return [rest.length > 1 ? first.toLowerCase() : first, ...rest].join("/");
}

/** Whether two normalised names can mean the same: one may lack the host. */
export function sameRepository(one: string, other: string): boolean {
  return one === other || one.endsWith(`/${other}`) || other.endsWith(`/${one}`);
}
