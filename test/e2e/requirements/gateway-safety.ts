import type { Requirement } from "./requirement.ts";

const issue = "issue 5, deliver 5";

/** What stands between callers and the servers behind the gateway. */
export const gatewaySafety = {
  "GTW-70": {
    source: issue,
    says: "Definitions of tools and prompts are pinned by their hash (RFC 8785) on first use, in a file of mode 600.",
  },
  "GTW-71": {
    source: issue,
    says: "A definition that changes is allowed, told or withheld with the reason and the command that approves it.",
  },
  "GTW-72": {
    source: issue,
    says: "Instructions hidden in definitions are found, with rule, place and a text in which everything is seen.",
  },
  "GTW-73": {
    source: issue,
    says: "Definitions of well-known servers and of our adapters are found clean.",
  },
  "GTW-74": {
    source: issue,
    says: "Findings are told or keep a tool withheld; results are looked through where that is asked.",
  },
  "GTW-75": {
    source: issue,
    says: "Calls over REST and MCP are written to one audit log chained by hashes, in which any change is found.",
  },
  "GTW-76": {
    source: issue,
    says: "The audit log survives kill -9, a full file and a full disk; what was lost is written down.",
  },
  "GTW-77": {
    source: issue,
    says: "Rate and concurrency are limited by key and by tool; 429 with Retry-After, the same error over MCP.",
  },
  "GTW-78": {
    source: issue,
    says: "Results are kept within a budget of bytes, plain text cut and all else refused; request bodies are bounded.",
  },
  "GTW-79": {
    source: issue,
    says: "Metadata addresses are never connected to, nor what the configuration denies, whatever name leads there.",
  },
  "GTW-80": {
    source: issue,
    says: "Access tokens of an authorization server open what their scopes say, and RFC 9728 metadata says where to get them.",
  },
  "GTW-81": {
    source: issue,
    says: "Access to a server is granted without a browser on the gateway's machine.",
  },
  "GTW-82": {
    source: issue,
    says: "No secret of a configuration is in an answer, log, document, dump or audit line.",
  },
  "GTW-83": {
    source: issue,
    says: "mcpo pins, mcpo scan and mcpo audit show, approve and verify from the command line, with exit codes.",
  },
} as const satisfies Record<string, Requirement>;
