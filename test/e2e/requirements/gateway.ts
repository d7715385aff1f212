import type { Requirement } from "./requirement.ts";

const issue = "issue 5";

/** mcpo's surface. */
const surface = {
  "GTW-01": {
    source: "seed 003",
    says: "The seed's file of thirteen servers works as it stands: unreachable ones are shown, and neither fatal nor a delay for the others.",
  },
  "GTW-02": {
    source: `${issue}, deliver 1`,
    says: "Every flag and letter of mcpo means what it means there, -- COMMAND included.",
  },
  "GTW-03": {
    source: `${issue}, deliver 1`,
    says: "A file may hold comments, trailing commas, ${NAME:-default} and ${file:PATH}; all that is wrong with it is told with line and column.",
  },
  "GTW-04": {
    source: `${issue}, deliver 1`,
    says: "Each server has its own document and page, and one document at the root holds them all.",
  },
  "GTW-05": {
    source: `${issue}, deliver 1`,
    says: "A reload swaps what changed at one moment without ending a call; with an invalid file the old one stays and the reason is told.",
  },
  "GTW-06": {
    source: "design, binding",
    says: "It listens on this machine alone unless a key is asked or --insecure is given, and no page from elsewhere may call without a key.",
  },
  "GTW-07": {
    source: `${issue}, deliver 1`,
    says: "--api-key guards tools, --strict-auth the documents too, as a bearer token or a password.",
  },
  "GTW-08": {
    source: `${issue}, deliver 1`,
    says: "client_header_forwarding sends a caller's headers on, over a connection no other caller shares, and never a key of the gateway.",
  },
  "GTW-10": {
    source: `${issue}, deliver 1`,
    says: "A server with oauth asks a person once; its tokens are kept in a file of mode 600.",
  },
  "GTW-09": {
    source: `${issue}, deliver 6`,
    says: "mcpo check, list and call look at a file and its servers without serving.",
  },
} as const satisfies Record<string, Requirement>;

/** What its users ask for. */
const wishes = {
  "GTW-20": {
    source: `${issue}, deliver 2`,
    says: "The documents are valid OpenAPI 3.1, and a schema in them takes the same values as the server's own, whatever its dialect and references.",
  },
  "GTW-21": {
    source: `${issue}, deliver 2`,
    says: "Statuses are honest: 422 for arguments, 404 for what is not there, 502 for a server that failed, 504 for one that is silent.",
  },
  "GTW-22": {
    source: `${issue}, deliver 2`,
    says: "Structured content comes first; every other kind is carried, as mcpo has it, as its own media type, or whole.",
  },
  "GTW-23": {
    source: `${issue}, deliver 2`,
    says: "Resources and prompts are routes too.",
  },
  "GTW-24": {
    source: `${issue}, deliver 2`,
    says: "A time-out holds for a server or one call, and begins anew with each report of progress.",
  },
  "GTW-25": {
    source: `${issue}, deliver 2`,
    says: "Keys are limited to servers and tools, in documents, calls and over MCP alike; servers' tools are allowed, denied and renamed.",
  },
  "GTW-26": {
    source: `${issue}, shows`,
    says: "A child killed in a call, a silent child, a restarted server, a changed catalogue, malformed lines and 10 MB results are survived.",
  },
  "GTW-27": {
    source: `${issue}, deliver 6`,
    says: "/health names the servers, /healthz and /readyz answer from the first moment, and so does /docs.",
  },
  "GTW-28": {
    source: `${issue}, deliver 3`,
    says: "The same servers are there over MCP, all at /mcp and each at /servers/NAME/mcp, for clients of both eras.",
  },
  "GTW-29": {
    source: `${issue}, shows`,
    says: "No program it started outlives it.",
  },
} as const satisfies Record<string, Requirement>;

/** The gateway: MCP servers behind one address. */
export const gateway = { ...surface, ...wishes } as const;
