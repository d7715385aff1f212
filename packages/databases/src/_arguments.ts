import { ParleyError } from "@parley/core";
import { maxNameBytes, maxPage } from "./_limits.ts";

/** Refuses a name that some driver could not keep apart from another: empty, too long, or a lone surrogate. */
export function checkName(what: string, name: string): void {
  if (typeof name !== "string" || name === "") {
    throw new ParleyError(
      "E_ARGUMENT_INVALID",
      `The ${what} is empty: pass a text of one character or more.`,
    );
  }
  if (/\p{Surrogate}/u.test(name)) {
    throw new ParleyError("E_ARGUMENT_INVALID", `The ${what} is not well-formed Unicode (a lone surrogate).`);
  }
  if (Buffer.byteLength(name) > maxNameBytes) {
    throw new ParleyError("E_ARGUMENT_INVALID", `The ${what} is longer than ${maxNameBytes} bytes.`);
  }
}

/** Refuses a record's address as {@link checkName} does, and returns it. */
export function checkKey(collection: string, id: string): { collection: string; id: string } {
  checkName("collection name", collection);
  checkName("id", id);
  return { collection, id };
}

/** How many records a call returns: 1 to 1000, the default being 1000. */
export function pageSize(limit: number | undefined): number {
  if (limit === undefined) return maxPage;
  if (!Number.isInteger(limit) || limit < 1) {
    throw new ParleyError(
      "E_ARGUMENT_INVALID",
      `limit is ${limit}: pass a whole number from 1 to ${maxPage}.`,
    );
  }
  return Math.min(limit, maxPage);
}

/** The sequence number to continue after; 0 is the beginning. */
export function startAfter(after: number | undefined): number {
  if (after === undefined) return 0;
  if (!Number.isSafeInteger(after) || after < 0) {
    throw new ParleyError(
      "E_ARGUMENT_INVALID",
      `after is ${after}: pass a sequence number, 0 for the start.`,
    );
  }
  return after;
}

/** Refuses an expected version that no record can have. */
export function checkVersion(ifVersion: number | undefined): void {
  if (ifVersion === undefined || (Number.isSafeInteger(ifVersion) && ifVersion >= 0)) return;
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    `ifVersion is ${ifVersion}: pass a version, or 0 for "absent".`,
  );
}

/** Orders texts by their UTF-8 bytes, as SQLite does. */
export function compareBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

/** The error for a record that is not at the version its writer expected. */
export function conflict(where: {
  collection: string;
  id: string;
  expected: number;
  actual: number;
}): ParleyError {
  const { collection, id, expected, actual } = where;
  const found = actual === 0 ? "is absent" : `is at version ${actual}`;
  const wanted = expected === 0 ? "absence" : `version ${expected}`;
  return new ParleyError(
    "E_DATABASE_CONFLICT",
    `Record ${JSON.stringify(id)} of ${JSON.stringify(collection)} ${found}, not at ${wanted}: read it again and retry.`,
    { details: where },
  );
}
