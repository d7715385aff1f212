import { faultsOf, pendingAnswer, security } from "./operations.ts";
import type { OperationContext } from "./operations.ts";

type PathItem = Readonly<Record<string, unknown>>;

const json = "application/json";
const gone = { 404: "There is no such call, or it is another caller's" };

/** The answer of a call that goes on elsewhere. @param path - of all such calls in the document */
export function pendingResponse(path: string): Readonly<Record<string, unknown>> {
  const at = `#/paths/${path.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  const link = (method: string, description: string) => ({
    operationRef: encodeURI(`${at}/${method}`),
    parameters: { call: "$response.body#/id" },
    description,
  });
  return {
    description:
      "The call asks something, or runs on because of `Prefer: respond-async`: `href` says where to answer, ask for and cancel it",
    headers: { Location: { description: "The address of the call", schema: { type: "string" } } },
    content: { [json]: { schema: { $ref: "#/components/schemas/PendingCall" } } },
    links: {
      ask: link("get", "Ask for the call"),
      answer: link("post", "Answer what it asks"),
      cancel: link("delete", "Cancel it"),
    },
  };
}

/** What can be done with a call that has an address. @param server - what its path is below, where the others are not */
export function callPathItem(context: OperationContext, server?: string): PathItem {
  const common = { tags: [context.tag], ...security(context.isKeyed) };
  const faults = (more: Readonly<Record<string, string>> = {}) =>
    faultsOf(context.isKeyed, { ...gone, ...more });
  const ending = {
    200: { description: "What the tool answered", content: { [json]: { schema: {} } } },
    202: pendingAnswer,
  };
  return {
    ...(server === undefined ? {} : { servers: [{ url: server }] }),
    parameters: [
      {
        name: "call",
        in: "path",
        required: true,
        schema: { type: "string" },
        description: "The id of a call that was answered with 202",
      },
    ],
    get: {
      operationId: context.operationId("get_call"),
      summary: "Ask for a call",
      description:
        "Its state, or what it answered once it has ended. `Prefer: wait=SECONDS` waits that long.",
      responses: { ...ending, ...faults({ 422: "The call ended so: its arguments do not fit" }) },
      ...common,
    },
    post: {
      operationId: context.operationId("answer_call"),
      summary: "Answer what a call asks",
      description:
        "Goes on with the call, and answers as the call itself: with its result, or the next question.",
      requestBody: {
        required: true,
        content: { [json]: { schema: { $ref: "#/components/schemas/CallAnswer" } } },
      },
      responses: {
        ...ending,
        ...faults({ 409: "The call asks nothing", 422: "The answer does not fit what was asked" }),
      },
      ...common,
    },
    delete: {
      operationId: context.operationId("cancel_call"),
      summary: "Cancel a call",
      responses: { 204: { description: "It was cancelled" }, ...faults() },
      ...common,
    },
  };
}
