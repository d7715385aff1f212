import { option, reads } from "@parley/cli";

import type { AuditArguments, OnFinding } from "@parley/gateway";

const safety = { group: "Safety" } as const;
const onFinding = reads.choice("off", "warn", "quarantine");

/** Options of what stands between callers and the servers. */
export const safetyOptions = {
  pins: option({
    ...safety,
    flags: "--pins <file>",
    description: "lock file of tool definitions; new ones are pinned in it",
    env: ["MCPO_PINS"],
    read: reads.text,
  }),
  onChange: option({
    ...safety,
    flags: "--on-change <what>",
    description: "of a definition that is not the pinned one: allow, warn or quarantine",
    env: ["MCPO_ON_CHANGE"],
    initialText: "quarantine with --pins, else warn",
    read: reads.choice("allow", "warn", "quarantine"),
  }),
  scan: option<OnFinding>({
    ...safety,
    flags: "--scan <what>",
    description: "of definitions that may hide instructions: off, warn or quarantine",
    env: ["MCPO_SCAN"],
    initial: "warn",
    read: onFinding,
  }),
  scanResults: option<OnFinding>({
    ...safety,
    flags: "--scan-results <what>",
    description: "the same of results",
    env: ["MCPO_SCAN_RESULTS"],
    initial: "off",
    read: onFinding,
  }),
  auditLog: option({
    ...safety,
    flags: "--audit-log <file>",
    description: "file of every call, its lines chained by hashes",
    env: ["MCPO_AUDIT_LOG"],
    read: reads.text,
  }),
  auditArguments: option<AuditArguments>({
    ...safety,
    flags: "--audit-arguments <how>",
    description: "how arguments are kept in it: redacted, digest or none",
    env: ["MCPO_AUDIT_ARGUMENTS"],
    initial: "redacted",
    read: reads.choice("redacted", "digest", "none"),
  }),
} as const;
