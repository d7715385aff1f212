import type { FastifyInstance } from "fastify";

/** Lets a browser ask for the key, so that the pages can be opened. */
export function offerPassword(app: FastifyInstance): void {
  app.addHook("onSend", async (_request, reply) => {
    if (reply.statusCode !== 401) return;
    const bearer = String(reply.getHeader("www-authenticate") ?? "Bearer");
    reply.removeHeader("www-authenticate");
    void reply.header("www-authenticate", [bearer, 'Basic realm="mcpo", charset="UTF-8"']);
  });
}
