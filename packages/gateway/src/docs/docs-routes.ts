import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { groupFor } from "../groups/groups.ts";
import type { Group } from "../groups/groups.ts";
import type { Documents, WrittenDocument } from "../openapi/documents.ts";
import type { View } from "../policy/view.ts";
import type { Serving } from "../rest/serving.ts";
import { findUpstream } from "../rest/serving.ts";
import { serverStates } from "../status.ts";
import { docsAsset, docsPage, docsPolicy } from "./docs-page.ts";

export interface DocsOptions extends Serving {
  readonly documents: Documents;
  readonly title: string;
  /** Begins and ends with a slash. */
  readonly prefix: string;
  readonly alone?: string | undefined;
  /** Whether the documents ask for a key too. */
  readonly isStrict: boolean;
}

/** The documents, the pages that show them, and the list of servers. */
export function docsRoutes(options: DocsOptions): (scope: FastifyInstance) => Promise<void> {
  const { documents, title, prefix, alone, isStrict } = options;
  const open = { config: { public: !isStrict } };
  const view = ({ headers }: FastifyRequest): View => options.keyring().viewOf(headers);
  const group = (request: FastifyRequest): Group | undefined =>
    groupFor(options.groups(), textAt(request.params, "server"), view(request));
  return async (scope) => {
    const page = (path: string, describe: (request: FastifyRequest) => [string, string]): void => {
      scope.get(path, open, async (request, reply) => {
        const [name, assets] = describe(request);
        return reply
          .header("content-security-policy", docsPolicy)
          .type("text/html; charset=utf-8")
          .send(docsPage(name, assets));
      });
    };
    const document = (path: string, find: (request: FastifyRequest) => WrittenDocument): void => {
      scope.get(path, open, async (request, reply) => sendDocument(request, reply, find(request)));
    };

    page("/docs", () => [title, "docs/"]);
    scope.get("/docs/:file", open, async ({ params }, reply) => {
      const { type, body } = await docsAsset(textAt(params, "file"));
      return reply.type(type).header("cache-control", "public, max-age=86400").send(body);
    });
    scope.get("/redoc", open, (_request, reply) => reply.redirect("./docs"));
    scope.get("/servers", open, async (request) => ({
      servers: serverStates(options.roster, view(request)),
    }));
    document("/openapi.json", (request) =>
      alone === undefined ? documents.merged(view(request)) : documents.of(alone, view(request)),
    );
    if (alone !== undefined) return;
    const up = "../".repeat(prefix.split("/").length - 1);
    page(`${prefix}:server/docs`, (request) => {
      const name = textAt(request.params, "server");
      if (group(request) === undefined) findUpstream(options, name, view(request));
      return [name, `${up}docs/`];
    });
    scope.get(`${prefix}:server/redoc`, open, (_request, reply) => reply.redirect("./docs"));
    document(`${prefix}:server/openapi.json`, (request) => {
      const found = group(request);
      return found === undefined
        ? documents.of(textAt(request.params, "server"), view(request))
        : documents.ofGroup(found);
    });
  };
}

function sendDocument(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { text, etag }: WrittenDocument,
): FastifyReply {
  void reply.header("etag", etag).header("cache-control", "no-cache").header("vary", "authorization");
  if (headers["if-none-match"] === etag) return reply.code(304).send();
  return reply.type("application/json; charset=utf-8").send(text);
}

function textAt(fields: unknown, name: string): string {
  const found: unknown =
    typeof fields === "object" && fields !== null ? Reflect.get(fields, name) : undefined;
  return typeof found === "string" ? found : "";
}
