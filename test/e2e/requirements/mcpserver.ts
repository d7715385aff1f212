import type { Requirement } from "./requirement.ts";

/** Loading of tools, prompts, resources and sources of events. */
const loading = {
  "LOAD-01": {
    source: "issue 3, loading",
    says: "Flags and YAML load tools, prompts, resources with URIs and templates, events and whole modules, renamed on request.",
  },
  "LOAD-02": {
    source: "seed 000, docker-build and jobspec commands",
    says: "The dotted paths of the Python packages lead to our packages, or say which one to install.",
  },
  "LOAD-03": {
    source: "issue 3, loading",
    says: "Tags and names filter what is served; exclude outranks include.",
  },
  "LOAD-04": {
    source: "issue 3, loading",
    says: "What cannot be loaded is left out with an exact reason, or stops a strict server; two of one name always do.",
  },
  "LOAD-05": { source: "flow F13", says: "Over stdio nothing but the protocol reaches standard output." },
  "LOAD-06": {
    source: "coverage, mcpserver",
    says: "tools export prints the tools as the Anthropic and OpenAI APIs take them.",
  },
  "LOAD-07": {
    source: "issue 3, loading",
    says: "defineTool, definePrompt, defineResource and defineEvents infer handler types from the schema.",
  },
  "LOAD-08": {
    source: "seed 000, worker hubs",
    says: "A worker and a hub load tools as a plain server does, and a hub mirrors its workers' ones.",
  },
  "LOAD-10": {
    source: "issue 3, loading",
    says: "--watch follows the YAML and the loaded files, tells clients of both eras, and never serves a broken edit.",
  },
  "LOAD-11": {
    source: "issue 3, loading",
    says: "A reload reads the whole graph of local files anew and holds on to no earlier one.",
  },
} as const satisfies Record<string, Requirement>;

/** Events and subscriptions. */
const events = {
  "LOAD-20": {
    source: "reference, events",
    says: "list_event_streams, subscribe and unsubscribe are served while there is a source of events.",
  },
  "LOAD-21": {
    source: "flow F14",
    says: "Events reach the subscribing session alone, as notifications/message, until it unsubscribes or ends.",
  },
  "LOAD-22": {
    source: "reference, events",
    says: "The last events are read back at events://ID by sequence number, by their owner alone.",
  },
  "LOAD-23": {
    source: "reference, events",
    says: "Subscriptions are bounded for each owner and in all, and end when idle or when their source goes.",
  },
  "LOAD-25": {
    source: "issue 3, events",
    says: "A timer and a file watch that stays within its folders come as example sources.",
  },
  "LOAD-26": {
    source: "flow F14",
    says: "An events:// resource is subscribed to on the wire of both revisions; each frame has one jsonrpc key, and no stranger ends or hears it.",
  },
  "LOAD-27": {
    source: "flow F14",
    says: "Another's events:// address cannot be watched: the refusal is that of an address that never was, in both revisions.",
  },
  "LOAD-28": {
    source: "issue 3, deliver 1",
    says: "tools export prints the tools of mounted servers too; one that does not answer in time is named, and needed unless the file says otherwise.",
  },
} as const satisfies Record<string, Requirement>;

/** How soon a command says something. */
const starting = {
  "START-01": {
    source: "issue 3, start",
    says: "--help is out and a wrong flag refused before anything but one small file is loaded.",
  },
  "START-02": {
    source: "issue 3, start",
    says: "A plain server answers its first call without what later requests need: the SDK, the OpenAPI document.",
  },
  "START-03": {
    source: "issue 3, start",
    says: "Code that Node.js keeps compiled is only taken from folders that no other user can write to.",
  },
} as const satisfies Record<string, Requirement>;

/** Any tools, prompts, resources and events behind one server. */
export const mcpserver = {
  ...loading,
  ...events,
  ...starting,
  "CONF-01": {
    source: "issue 3, shows: conformance",
    says: "A tool, prompt or resource asks user, model and client through one call that works for clients of both eras, over HTTP and stdio.",
  },
  "CONF-02": {
    source: "issue 3, shows: conformance",
    says: "A handler runs again from its start when its client has answered; earlier answers and what once() made are kept, and questions asked side by side travel together.",
  },
  "CONF-03": {
    source: "issue 3, shows: conformance",
    says: "A client that cannot be asked gets -32021 with the missing capabilities and status 400, or an error result in the 2025 era; a tool can find out first.",
  },
  "CONF-04": {
    source: "issue 3, shows: conformance",
    says: "Log messages reach a client from the level it asked for, by logging/setLevel or in its request.",
  },
  "CONF-05": {
    source: "issue 3, shows: conformance",
    says: "Arguments of prompts and variables of resource templates are completed.",
  },
  "CONF-06": {
    source: "issue 3, shows: conformance",
    says: "A client that watches a resource hears of its changes and of no others, until it stops; what a session may watch is bounded.",
  },
  "CONF-07": {
    source: "issue 3, shows: conformance",
    says: "The state of a call that asked is sealed, bound to its caller, name and arguments, bounded, and expires; no answer counts for a question that has changed.",
  },
  "CONF-08": {
    source: "issue 3, shows: conformance",
    says: "Prompts and resources are observed and have a deadline as tools do; an unknown resource is -32602 with its URI.",
  },
  "CONF-09": {
    source: "issue 3, shows: conformance",
    says: "Icons, annotations, sizes, resource links and caching hints reach clients that know them.",
  },
  "CONF-10": {
    source: "issue 3, shows: conformance",
    says: "An argument declared as a header must come as that header too and agree with it.",
  },
  "CONF-11": {
    source: "issue 3, shows: conformance",
    says: "Requests are counted by era, and each log line of a request names its era.",
  },
  "CONF-12": {
    source: "issue 3, shows: conformance",
    says: "A client of a session whose stream broke takes it up again by Last-Event-ID.",
  },
  "CONF-13": {
    source: "issue 3, shows: conformance",
    says: "The official conformance suite passes: every required server scenario of 2025-11-25 and of 2026-07-28.",
  },
  "CONF-14": {
    source: "issue 3, shows: conformance",
    says: "The suite's tool scenarios pass with the tools on a worker, reached through the hub.",
  },
  "CONF-15": {
    source: "issue 3, deliver 3",
    says: "A request cancelled in a session ends its stream without an answer; no client asks for the rest, and nothing of it stays.",
  },
  "MCL-01": {
    source: "issue 3, shows: conformance",
    says: "A server of the current SDK over stdio lists, calls, asks and reports in either era, found out or told.",
  },
  "MCL-02": {
    source: "issue 3, shows: conformance",
    says: "A server of the v1 SDK over stdio is found out on one process, asks for input and roots, and tells of changes; what comes during a call reaches that call.",
  },
  "MCL-03": {
    source: "issue 3, shows: conformance",
    says: "A legacy server that never answers an unknown request, or ends at it, gets a handshake.",
  },
  "MCL-04": {
    source: "issue 3, shows: conformance",
    says: "A server's process and all it started end with the client, however stubborn, also when the program just leaves; one that died is started again.",
  },
  "MCL-05": {
    source: "issue 3, shows: conformance",
    says: "The reference server works over stdio, streamable HTTP and SSE, asked for or found out: tools, prompts, resources, completions, subscriptions, elicitation, sampling, roots, progress.",
  },
  "MCL-06": {
    source: "issue 3, shows: conformance",
    says: "A modern peer's input_required is answered by handlers, with defaults filled in and its state returned, within a bound and without the call's time running.",
  },
  "MCL-07": {
    source: "issue 3, shows: conformance",
    says: "Arguments a tool wants in headers are sent there; a tool whose declaration is invalid is left out.",
  },
  "MCL-08": {
    source: "issue 3, shows: conformance",
    says: "A stream that ends before the answer is taken up by its last event id after the wait the peer asks for.",
  },
  "MCL-09": {
    source: "issue 3, shows: conformance",
    says: "The standing stream of a legacy peer is kept open for whoever listens and brings notifications and requests.",
  },
  "MCL-10": {
    source: "issue 3, shows: conformance",
    says: "A modern peer tells of changes on a subscription that is kept open, grows and shrinks without a gap.",
  },
  "MCL-11": {
    source: "issue 3, shows: conformance",
    says: "A stream of events says the same however the network cuts it.",
  },
  "MCL-12": {
    source: "issue 3, shows: conformance",
    says: "What was found out about a peer's era corrects itself in both directions, and a slow peer is not taken for a legacy one.",
  },
  "MCL-13": {
    source: "issue 3, shows: conformance",
    says: "Legacy sessions are ended at the close, lost ones too, and hear of calls that were given up.",
  },
  "MCL-14": {
    source: "issue 3, shows: conformance",
    says: "A person grants access by the code flow with PKCE and resource indicators, by metadata document, registration or a given client; tokens are renewed and widened without asking twice.",
  },
  "MCL-15": {
    source: "issue 3, shows: conformance",
    says: "A wrong issuer, resource, callback or address ends an authorization, and no error repeats what a server wrote.",
  },
  "MCL-16": {
    source: "issue 3, shows: conformance",
    says: "A program authorizes itself by secret or signed assertion, and at no other authorization server than its own.",
  },
  "MCL-17": {
    source: "issue 3, shows: conformance",
    says: "A token file has mode 600, changes as a whole and is read by the next process.",
  },
  "MCL-18": {
    source: "issue 3, shows: conformance",
    says: "Importing the client starts no process and loads neither the SDK nor what stdio and OAuth need.",
  },
  "CFG-01": {
    source: "issue 3, deliver 1",
    says: "Every kind of option follows flag over variable over its other spelling over file over default.",
  },
  "CFG-02": {
    source: "issue 3, deliver 1",
    says: "A bad file is refused in one sentence with file, line and column, an unknown key with the nearest one.",
  },
  "CFG-03": {
    source: "issue 3, deliver 1",
    says: "${NAME} and ${NAME:-default} are replaced in the file's values; one that is not set is an error with its line.",
  },
  "CFG-04": {
    source: "issue 3, deliver 1",
    says: "--print-config shows every option, its value and where that was given, masks secrets, and starts nothing.",
  },
  "CFG-05": {
    source: "issue 3, deliver 1",
    says: "Unknown flags and commands are refused with the nearest one and exit code 2, in every command.",
  },
  "CFG-06": { source: "upstream 1.1", says: "No arguments, --help and help print help and end with 0." },
  "CFG-07": {
    source: "issue 3, deliver 1",
    says: "The JSON Schema of the file comes from the option table and takes what the program takes.",
  },
  "CFG-08": {
    source: "issue 3, deliver 1",
    says: "mcpserver config check lists everything wrong with a file and starts nothing.",
  },
  "CFG-09": {
    source: "design, Promises",
    says: "A secret given as a flag is accepted with a warning; a file or a variable holds one without.",
  },
  "CFG-10": {
    source: "issue 3, deliver 1",
    says: "Another program takes the options of start with defaults of its own and runs it.",
  },
  "CFG-11": {
    source: "upstream 1.1",
    says: "--mask-error-details, in both spellings, keeps unexpected errors from clients and gives a number to find them by.",
  },
  "CFG-12": {
    source: "issue 3, deliver 1",
    says: "The variables that the code reads and those that the reference lists are the same.",
  },
  "CFG-13": {
    source: "upstream 1.1 to 2.1",
    says: "Every flag, variable and file key of the Python server exists, or has its reason.",
  },
  "ACC-01": {
    source: "issue 3, deliver 4",
    says: "A token file names holders with scopes, expiry and revocation, and keeps hashes only.",
  },
  "ACC-02": {
    source: "issue 3, deliver 4",
    says: "A changed token file counts within a second; a broken version leaves the last good one in force and is reported.",
  },
  "ACC-03": {
    source: "issue 3, deliver 4",
    says: "Tokens are added, listed, revoked and removed by commands; the file is for its owner only and safe under two writers.",
  },
  "ACC-04": {
    source: "issue 3, deliver 4",
    says: "Access tokens of an issuer are taken only with its signature, for this audience and in their time.",
  },
  "ACC-05": {
    source: "issue 3, deliver 4",
    says: "The issuer's keys are discovered, cached, renewed on rotation; an issuer that cannot be asked means 503.",
  },
  "ACC-06": {
    source: "issue 3, deliver 4",
    says: "RFC 9728 metadata is public; 401 and 403 carry the challenge of RFC 6750 and name the metadata.",
  },
  "ACC-07": {
    source: "issue 3, deliver 4",
    says: "A fixed token, a token file and an issuer can be used together.",
  },
  "ACC-08": {
    source: "issue 3, deliver 4",
    says: "Host and Origin must name this server, in whatever spelling they come.",
  },
  "ACC-09": {
    source: "issue 3, deliver 4",
    says: "Requests are limited per caller, or per address where nobody is known, with 429 and Retry-After.",
  },
  "ACC-10": {
    source: "issue 3, deliver 4",
    says: "Guessing credentials is cut off per address; callers known to be right are not.",
  },
  "ACC-11": {
    source: "issue 3, deliver 4",
    says: "Bodies and running calls are bounded: 413, and 503 with Retry-After.",
  },
  "ACC-12": {
    source: "issue 3, deliver 4",
    says: "CORS is off by default; allowed origins ask first without a token and can read what they need.",
  },
  "ACC-13": {
    source: "issue 3, deliver 4",
    says: "The audit log says who did what, from where and how it came out, refusals included, without secrets.",
  },
  "ACC-14": {
    source: "issue 3, deliver 4",
    says: "Audit lines are whole under many writers, the file can be rotated, and a failing disk holds up no call.",
  },
  "ACC-15": {
    source: "issue 3, deliver 4",
    says: "One policy covers MCP and every other route: each needs a credential unless it is listed as public.",
  },
  "ACC-16": { source: "issue 3, deliver 4", says: "A session belongs to the caller who opened it." },
  "ACC-17": {
    source: "issue 3, deliver 4",
    says: "All of it is set by flag, variable and file key; half a configuration is refused with one sentence.",
  },
  "ACC-18": {
    source: "issue 3, deliver 4",
    says: "One limit of calls that run at once holds for tools over MCP and for the routes of a hub, with Retry-After.",
  },
  "TASK-01": {
    source: "issue 3, deliver 7",
    says: "A tool call becomes a task only for a client that declares the extension on that request.",
  },
  "TASK-02": {
    source: "issue 3, deliver 7",
    says: "A task is stored before its handle is given out, and what was acknowledged survives kill -9.",
  },
  "TASK-03": {
    source: "issue 3, deliver 7",
    says: "tasks/get tells status, result, error or open questions; tasks/update takes answers, some or all.",
  },
  "TASK-04": {
    source: "issue 3, deliver 7",
    says: "tasks/cancel stops the work, may be repeated, and leaves an ended task as it is.",
  },
  "TASK-05": {
    source: "issue 3, deliver 7",
    says: "A task follows one table of states, and of two writers neither loses a transition.",
  },
  "TASK-06": {
    source: "issue 3, deliver 7",
    says: "A task exists for its owner alone, for as long as it was promised, within bounds.",
  },
  "TASK-07": {
    source: "issue 3, deliver 7",
    says: "A task whose process has gone fails with a clear error, or goes on where its owner knows how.",
  },
  "TASK-08": {
    source: "issue 3, shows",
    says: "The extension's own client drives a task to its end: result, failure, question and cancellation.",
  },
  "TASK-09": {
    source: "design, long calls",
    says: "Clients without the extension get progress, and after 50 s the handle and the tool to poll.",
  },
  "TASK-10": {
    source: "issue 3, deliver 7",
    says: "The long-running tools of the hub become tasks.",
  },
} as const satisfies Record<string, Requirement>;
