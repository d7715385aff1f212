import { createHash, timingSafeEqual } from "node:crypto";
import { ParleyError, Registration, toParleyError } from "@parley/core";
import type { RegistrationReply } from "@parley/core";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { HubSettings } from "./config.ts";
import type { Member } from "./member.ts";
import type { Roster } from "./roster.ts";
import { isUntrusted } from "../wire/untrusted.ts";

export interface RegistrationOptions {
  readonly roster: Roster;
  readonly settings: HubSettings;
  readonly readHealth: (url: string, signal: AbortSignal) => Promise<unknown>;
  /** Called once a worker stands in the roster: mirror its tools. */
  readonly onEntered: (member: Member) => void;
  readonly onToolsChanged: (member: Member) => void;
  readonly onLeft: (workerId: string) => void;
}

const Health = z.object({ instance: z.string().optional() });
const Beat = z.object({ toolsVersion: z.number().int().nonnegative().optional() });
const Params = z.object({ id: z.string() });
const healthTimeoutMs = 3000;
/** These routes ask for the join secret instead of a caller's token. */
const open = { public: true, secretHeader: "x-mcp-token" };

/** The routes by which workers enter, stay in and leave the federation. They answer to the join secret, not to callers' tokens. */
export function registrationRoutes(options: RegistrationOptions): (app: FastifyInstance) => Promise<void> {
  const { roster, settings } = options;
  const secretDigest = sha256(settings.secret);

  function checkSecret(request: FastifyRequest): void {
    const given = request.headers["x-mcp-token"];
    if (typeof given === "string" && timingSafeEqual(sha256(given), secretDigest)) return;
    const what = given === undefined ? "no join secret was sent" : "the join secret is wrong";
    throw new ParleyError("E_REGISTER_FORBIDDEN", `Forbidden: ${what} (header X-MCP-Token).`);
  }

  return async (app) => {
    app.addHook("onRequest", async (request) => checkSecret(request));
    app.post("/register", { config: open }, async (request): Promise<RegistrationReply> => {
      const registration = readRegistration(request.body, request.ip, settings);
      await admit(registration, options);
      const { member, lease } = await roster.enter(registration);
      options.onEntered(member);
      const heartbeatSeconds = settings.heartbeatMs / 1000;
      return { status: "success", prefix: member.record.prefix, lease, heartbeatSeconds };
    });
    app.post("/register/:id/heartbeat", { config: open }, async (request) => {
      const beat = Beat.safeParse(request.body ?? {});
      const { member, toolsChanged } = roster.beat(idOf(request), leaseOf(request), beat.data?.toolsVersion);
      if (toolsChanged || member.mirrored === 0) options.onToolsChanged(member);
      return { status: "success" };
    });
    app.delete("/register/:id", { config: open }, async (request) => {
      const id = idOf(request);
      await roster.leave(id, leaseOf(request));
      options.onLeft(id);
      return { status: "success" };
    });
    await Promise.resolve();
  };
}

/** Reads the body and settles the worker's address as this hub can reach it. */
function readRegistration(body: unknown, callerAddress: string, settings: HubSettings): Registration {
  const parsed = Registration.safeParse(body);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`);
    throw new ParleyError("E_REGISTER_INVALID", `Registration refused: ${fields.slice(0, 5).join("; ")}.`);
  }
  const url = new URL(parsed.data.url);
  if (url.hostname === "0.0.0.0" || url.hostname === "[::]") url.hostname = hostForm(callerAddress);
  if (settings.workerHosts && !settings.workerHosts.includes(url.hostname)) {
    throw new ParleyError(
      "E_REGISTER_INVALID",
      `Registration refused: url: host ${url.hostname} is not allowed here.`,
    );
  }
  url.username = "";
  url.password = "";
  return { ...parsed.data, url: url.href };
}

/** Refuses a second process of one id while the first lives, and an address that is not the registrant's. */
async function admit(registration: Registration, options: RegistrationOptions): Promise<void> {
  const { id, instance, url } = registration;
  const current = options.roster.find(id);
  if (current && !isSame(current, registration) && options.roster.state(current) !== "offline") {
    if (current.local || (await stillThere(current, options))) {
      throw new ParleyError(
        "E_REGISTER_CONFLICT",
        `Another live worker is registered as ${id} at ${current.record.url}: choose another --worker-id.`,
      );
    }
  }
  if (instance === undefined) return;
  const found = await instanceAt(url, options).catch((error: unknown) => ({ error }));
  if (found === instance) return;
  throw new ParleyError("E_REGISTER_INVALID", `Registration refused: url: ${url} ${obstacle(found)}.`);
}

/** What stands between hub and worker, and who can clear it away. */
function obstacle(found: { readonly error: unknown } | string | undefined): string {
  const remedy = "pass the address this hub can reach with --public-url";
  if (typeof found !== "object") return `is answered by someone else; ${remedy}`;
  if (isUntrusted(found.error)) {
    return "shows a certificate this hub does not trust; start the hub with --ca FILE or SSL_CERT_FILE";
  }
  return `does not answer there (${toParleyError(found.error, "E_MCP_UNREACHABLE").message}); ${remedy}`;
}

/** Whether a registration renews one: by its instance, or, in the seed's form, by its address. */
function isSame({ record }: Member, { instance, url }: Registration): boolean {
  return record.instance === instance && (instance !== undefined || record.url === url);
}

/** Whether the process that holds an id still answers at its address. */
async function stillThere({ record }: Member, options: RegistrationOptions): Promise<boolean> {
  try {
    return (await instanceAt(record.url, options)) === record.instance;
  } catch {
    return false;
  }
}

async function instanceAt(url: string, options: RegistrationOptions): Promise<string | undefined> {
  const health = new URL("/health", url);
  const answer = await options.readHealth(health.href, AbortSignal.timeout(healthTimeoutMs));
  return Health.safeParse(answer).data?.instance;
}

function idOf(request: FastifyRequest): string {
  return Params.parse(request.params).id;
}

function leaseOf(request: FastifyRequest): string {
  const lease = request.headers["x-parley-lease"];
  return typeof lease === "string" ? lease : "";
}

function hostForm(address: string): string {
  const plain = address.replace(/^::ffff:/, "");
  return plain.includes(":") ? `[${plain}]` : plain;
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
