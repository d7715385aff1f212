import { hash } from "node:crypto";
import { type Clock, ParleyError } from "@parley/core";
import { LRUCache } from "lru-cache";
import { createRateLimit, type Rate } from "./rate-limit.ts";

/** What a request shows to be let in. */
export interface Credential {
  readonly kind: "bearer" | "secret";
  readonly value: string;
}

/** What keeps one sender from taking more than its share. */
export interface Admission {
  /** Whether requests are counted at all. */
  readonly counts: boolean;
  /** Counts requests of a caller or, where nobody is known, of an address. @throws `E_RATE_LIMITED` */
  count(key: string, amount?: number): void;
  /** Refuses a credential not seen to work before, from an address that has failed too often. @throws `E_RATE_LIMITED` */
  admit(address: string, credential: Credential): void;
  /** Told of a credential that worked. */
  accepted(credential: Credential): void;
  /** Told of one that did not. */
  failed(address: string): void;
}

/** Options of {@link createAdmission}. */
export interface AdmissionOptions {
  /** Requests of one caller; absent means no limit. */
  readonly rateLimit?: Rate | undefined;
  /** Failed log-ins of one address; `false` means no limit. */
  readonly failureLimit: Rate | false;
  readonly clock: Clock;
}

/** Credentials that worked lately: one bad client does not lock out its neighbours behind the same address. */
const maxAccepted = 10_000;
/** How long one that was the last to work counts as noted. */
const noteEveryMs = 1000;

export function createAdmission({ rateLimit, failureLimit, clock }: AdmissionOptions): Admission {
  const requests = rateLimit === undefined ? undefined : createRateLimit(rateLimit, clock);
  const failures = failureLimit === false ? undefined : createRateLimit(failureLimit, clock);
  let last: { readonly credential: Credential; readonly at: number } | undefined;
  const accepted = new LRUCache<string, true>({ maxSize: maxAccepted, sizeCalculation: () => 1 });
  return {
    counts: requests !== undefined,
    count(key, amount = 1) {
      const wait = requests?.take(key, amount) ?? 0;
      if (wait > 0) throw limited("Too many requests", wait);
    },
    admit(address, credential) {
      const wait = failures?.wait(address) ?? 0;
      if (wait > 0 && !accepted.has(digest(credential))) {
        throw limited("Too many failed log-ins from this address", wait);
      }
    },
    accepted(credential) {
      if (failures === undefined) return;
      const now = clock.now();
      // The digest of one that comes with every request is not worth its time.
      if (last !== undefined && isSame(credential, last.credential) && now - last.at < noteEveryMs) return;
      last = { credential, at: now };
      accepted.set(digest(credential), true);
    },
    failed(address) {
      failures?.take(address);
    },
  };
}

function limited(what: string, retryAfterSeconds: number): ParleyError {
  const message = `${what}; try again in ${retryAfterSeconds} s.`;
  return new ParleyError("E_RATE_LIMITED", message, { details: { retryAfterSeconds } });
}

/** Both have been let in: that one is compared with the other tells nobody anything. */
function isSame(left: Credential, right: Credential): boolean {
  return left.kind === right.kind && left.value === right.value;
}

function digest({ kind, value }: Credential): string {
  return hash("sha256", `${kind} ${value}`, "base64");
}
