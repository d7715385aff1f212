import type { Requirement } from "./requirement.ts";

const shows = "issue 3, shows";

/** What no client can do to a server, and how a server ends. */
export const robust = {
  "ROB-01": {
    source: shows,
    says: "Every way of breaking HTTP is answered with a client's fault or a closed connection.",
  },
  "ROB-02": {
    source: shows,
    says: "No request of either era, however wrong, crashes a server, hangs it or makes it call the fault its own.",
  },
  "ROB-03": {
    source: shows,
    says: "Calls of both eras and abandoned sessions leave the server's memory flat.",
  },
  "ROB-04": {
    source: shows,
    says: "A stream ends when its client goes, whatever the client sent before.",
  },
  "ROB-05": {
    source: shows,
    says: "A body that nests deeper than any schema is refused before it is validated, over HTTP and stdio.",
  },
  "ROB-06": {
    source: shows,
    says: "Garbage and endless lines on standard input end neither the process nor the service to proper ones.",
  },
  "ROB-07": {
    source: "design, exit codes",
    says: "A server that SIGTERM ends drains and exits with 0; one that is interrupted from the terminal with 130.",
  },
  "ROB-08": {
    source: shows,
    says: "SIGTERM ends open streams and sessions of every kind without waiting for their clients.",
  },
  "ROB-09": {
    source: shows,
    says: "Parameters that do not fit a method's schema are the caller's fault in every era.",
  },
} as const satisfies Record<string, Requirement>;
