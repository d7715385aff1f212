import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { exportJWK, generateKeyPair, type GenerateKeyPairResult, SignJWT } from "jose";
import { onTestFinished } from "vitest";

interface Key {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: GenerateKeyPairResult["privateKey"];
  readonly publicKey: GenerateKeyPairResult["publicKey"];
}

export async function makeKey(kid: string, alg = "ES256"): Promise<Key> {
  return { kid, alg, ...(await generateKeyPair(alg, { extractable: true })) };
}

/** What a test may have the issuer do otherwise. */
interface Behaviour {
  /** Served at the metadata addresses instead of the truth. */
  metadata?: Record<string, unknown> | undefined;
  /** Paths of the metadata that exist; default all. */
  only?: string | undefined;
  /** `hang` never answers, `fail` answers 500, `huge` sends more than anybody should read. */
  keys?: "hang" | "fail" | "huge" | "html" | undefined;
}

/** An authorization server on this machine: metadata, keys and tokens. */
export async function startIssuer(path = "") {
  const behaviour: Behaviour = {};
  const published: Key[] = [await makeKey("first")];
  const asked: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = request.url ?? "";
    asked.push(url);
    const json = (value: unknown) =>
      response.setHeader("content-type", "application/json").end(JSON.stringify(value));
    if (url === "/jwks") {
      if (behaviour.keys === "hang") return;
      if (behaviour.keys === "fail") response.writeHead(500).end();
      else if (behaviour.keys === "huge") response.end(`{"keys":["${"x".repeat(2_000_000)}"]}`);
      else if (behaviour.keys === "html") response.end("<html>");
      else {
        const jwk = async ({ publicKey, kid, alg }: Key) => ({
          ...(await exportJWK(publicKey)),
          kid,
          alg,
          use: "sig",
        });
        json({ keys: await Promise.all(published.map(jwk)) });
      }
    } else if (url.includes("/.well-known/") && (behaviour.only ?? url) === url) {
      json(behaviour.metadata ?? { issuer, jwks_uri: `${origin}/jwks` });
    } else {
      response.writeHead(404).end();
    }
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const origin = `http://127.0.0.1:${port}`;
  const issuer = `${origin}${path}`;
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(() => stop().catch(() => undefined));

  /** A token as the issuer would write it, unless told otherwise; `undefined` leaves a claim out. */
  const token = async (
    claims: Record<string, unknown> = {},
    {
      key = published[0],
      typ = "at+jwt",
      kid = key?.kid,
    }: { key?: Key | undefined; typ?: string; kid?: string } = {},
  ): Promise<string> => {
    if (key === undefined) throw new Error("no key");
    const now = Math.floor(Date.now() / 1000);
    const whole = {
      iss: issuer,
      aud: "https://hub.test/mcp",
      sub: "ada",
      iat: now,
      exp: now + 300,
      scope: "read",
      ...claims,
    };
    const payload = Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined));
    return new SignJWT(payload)
      .setProtectedHeader({ alg: key.alg, typ, ...(kid === undefined ? {} : { kid }) })
      .sign(key.privateKey);
  };
  return { issuer, origin, asked, behaviour, published, token, stop };
}
