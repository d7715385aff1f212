import type { Requirement } from "./requirement.ts";

const source = "issue 3, deliver 8";

/** The page at `/`. */
export const page = {
  "PAGE-01": {
    source,
    says: "The page is served at / without a build step, holds no data, and is cached by its ETag.",
  },
  "PAGE-02": {
    source,
    says: "Tools, prompts, resources and events are listed with a search over names, texts and tags.",
  },
  "PAGE-03": {
    source,
    says: "A form made from a tool's schema, nested objects and lists included, calls it and shows the answer.",
  },
  "PAGE-04": {
    source,
    says: "What is missing or wrong in a form is said at its field, and nothing is sent.",
  },
  "PAGE-05": { source, says: "A tool that fails is shown as failed, with what it says." },
  "PAGE-06": { source, says: "A running call shows its progress and can be cancelled." },
  "PAGE-07": { source, says: "What a tool asks becomes a form whose answer continues the call." },
  "PAGE-08": { source, says: "Prompts and resources are read, templates by a field for each variable." },
  "PAGE-09": {
    source,
    says: "Events are subscribed to, shown as they come, and ended when their view is left.",
  },
  "PAGE-10": {
    source,
    says: "The token is asked for, kept for the tab alone, told to be wrong, and forgotten on demand.",
  },
  "PAGE-11": { source, says: "The page can be used with the keyboard alone." },
  "PAGE-12": {
    source,
    says: "The page is dark or light as the system is, or as a button says, with contrast of level AA.",
  },
  "PAGE-13": {
    source,
    says: "Text of a server never becomes markup, and the page asks no other origin for anything.",
  },
  "PAGE-14": { source, says: "The page works behind a proxy that puts a path before it." },
  "PAGE-15": {
    source,
    says: "Health, sessions and the last calls are shown; the calls without arguments and to readers only.",
  },
  "PAGE-16": { source, says: "A call is copied for curl and as MCP JSON, without the token." },
  "PAGE-17": {
    source,
    says: "On a narrow window, and at twice the size, nothing has to be scrolled sideways.",
  },
  "PAGE-18": {
    source,
    says: "mcpserver serves the page unless --no-page, MCPSERVER_PAGE or server.page say otherwise.",
  },
  "PAGE-19": { source, says: "Images and links to resources are shown; a type that is no image is not." },
} as const satisfies Record<string, Requirement>;
