import type { Requirement } from "./requirement.ts";

const issue = "issue 5, deliver 6";
const reference = "gateways.md";

/** The page at `/` of a gateway. */
const page = {
  "GTW-90": {
    source: issue,
    says: "The page at / shows every server with state, reason, since when, tools, latency, calls and errors, follows by itself, and leads to each Swagger UI.",
  },
  "GTW-91": {
    source: issue,
    says: "A tool is tried there with a form made of its schema.",
  },
  "GTW-92": {
    source: issue,
    says: "What servers say is text there, and nothing is asked of another origin.",
  },
  "GTW-93": {
    source: issue,
    says: "The page asks for a key where there is one and shows each key what is its own; calls of others are shown to no limited key.",
  },
  "GTW-94": {
    source: issue,
    says: "The page is used by keyboard, has labels and contrast, a light and a dark scheme, and fits a telephone.",
  },
} as const satisfies Record<string, Requirement>;

/** What whoever runs a gateway sees of it. */
const operations = {
  "GTW-95": {
    source: issue,
    says: "/readyz says no, with the reason, while a server that is required is not ready.",
  },
  "GTW-96": {
    source: issue,
    says: "/metrics counts calls by server, tool and outcome, durations, states, restarts, running calls and sessions, with a bounded number of series.",
  },
  "GTW-97": {
    source: issue,
    says: "The log is lines of JSON labelled by server, the children's own lines among them, with a level and without secrets.",
  },
  "GTW-98": {
    source: issue,
    says: "A call over REST is one trace, from the caller's traceparent to the _meta the server gets.",
  },
  "GTW-99": {
    source: issue,
    says: "Every metric that the Grafana dashboard and the alerts ask for is one that the gateway has.",
  },
} as const satisfies Record<string, Requirement>;

/** Commands that look at servers without serving. */
const commands = {
  "GTW-100": {
    source: issue,
    says: "mcpo check names every problem with line, column and a hint, as JSON too, and with --connect tries the servers.",
  },
  "GTW-101": {
    source: issue,
    says: "mcpo call takes name=value by the tool's schema, JSON or standard input, tells progress on standard error, and ends with the codes every command has.",
  },
} as const satisfies Record<string, Requirement>;

/** A recorded session is a fixture. */
const recording = {
  "GTW-102": {
    source: `${issue}; ${reference} 4.2.9`,
    says: "A recording holds every exchange with the servers, and no secret.",
  },
  "GTW-103": {
    source: `${issue}; ${reference} 4.2.9`,
    says: "A replayed gateway answers as the recorded one did, without its servers; an unknown call is refused with the nearest recorded one named.",
  },
  "GTW-104": {
    source: `${issue}; ${reference} 4.2.9`,
    says: "A recording is versioned and bounded, a torn last line is passed over, and tests may serve it as an MCP server.",
  },
} as const satisfies Record<string, Requirement>;

/** See it, check it: the page, probes, metrics, logs, traces, commands and recordings of the gateway. */
export const gatewaySee = { ...page, ...operations, ...commands, ...recording } as const;
