import { z } from "zod";
import { entrySafety } from "./_safety.ts";

const text = z.string({ error: "write a text" });
const scalar = z.union([z.string(), z.number(), z.boolean()], { error: "write a text" }).transform(String);
const texts = z.array(scalar, { error: "write a list of texts" });
const pairs = z.record(z.string(), scalar, { error: "write an object of names and texts" });
const globs = z.array(text, { error: "write a list of names; * stands for any run of characters" });
const flag = z.boolean({ error: "write true or false" });

const url = text
  .refine((given) => URL.canParse(given) && /^https?:$/.test(new URL(given).protocol), {
    error: "write an http or https address",
  })
  .refine((given) => !/^[a-z]+:\/\/[^/?#]*@/i.test(given), {
    error: "take the user and password out and send them as a header",
  });

const Forwarding = z.looseObject(
  {
    enabled: flag.nullish(),
    whitelist: globs.nullish(),
    blacklist: globs.nullish(),
    rename: pairs.nullish(),
    debug_headers: flag.nullish(),
  },
  { error: "write an object such as { enabled: true, whitelist: [...] }" },
);

const Change = z.strictObject(
  {
    name: text
      .regex(/^[A-Za-z0-9_.-]{1,64}$/, { error: "write 1 to 64 letters, digits, _ . or -" })
      .nullish(),
    description: text.nullish(),
    enabled: flag.nullish(),
  },
  { error: "write an object of name, description and enabled" },
);

const OAuth = z.looseObject(
  {
    server_url: url.nullish(),
    storage_type: z.enum(["file", "memory"], { error: "write file or memory" }).nullish(),
    callback_port: z
      .number({ error: "write a port" })
      .int()
      .min(0)
      .max(65_535, { error: "write a port up to 65535" })
      .nullish(),
    use_loopback: flag.nullish(),
    client_id: text.min(1, { error: "write a client id" }).nullish(),
    client_secret: text.min(1, { error: "write a secret, or ${file:PATH}" }).nullish(),
    client_metadata_url: url.nullish(),
    grant: z
      .enum(["authorization_code", "client_credentials"], {
        error: "write authorization_code or client_credentials",
      })
      .nullish(),
    client_metadata: z.looseObject({ client_name: text.nullish(), scope: text.nullish() }).nullish(),
  },
  { error: "write an object such as { storage_type: file }" },
);

/** Where a server is. */
const place = {
  command: text.nullish(),
  args: texts.nullish(),
  env: pairs.nullish(),
  cwd: text.nullish(),
  inheritEnv: flag.nullish(),
  type: text.nullish(),
  transport: text.nullish(),
  url: url.nullish(),
  headers: pairs.nullish(),
  oauth: OAuth.nullish(),
};

const placeWanted = "write an object with command, or with type and url";

/** Where another server is that offers the same. */
const Replica = z.strictObject(place, { error: placeWanted });

const seconds = (least: number) =>
  z
    .number({ error: "write seconds" })
    .min(least, { error: `write at least ${least} seconds` })
    .max(86_400, { error: "write at most 86400 seconds" });

const aWhile = z
  .number({ error: "write seconds" })
  .min(0.001, { error: "write seconds above 0" })
  .max(86_400, { error: "write at most 86400 seconds" });

const Breaker = z.strictObject(
  {
    failures: z.number({ error: "write a number" }).int().min(1, { error: "write at least 1" }).nullish(),
    cooldown: seconds(0.001).nullish(),
  },
  { error: "write an object of failures and cooldown" },
);

const Reads = z.strictObject(
  { cache: seconds(0).nullish(), coalesce: flag.nullish(), hedge: flag.nullish() },
  { error: "write an object of cache, coalesce and hedge" },
);

/** One entry of `mcpServers` as it stands in a file. Keys of other programs are kept apart, not refused. */
export const Entry = z.looseObject(
  {
    ...place,
    timeout: aWhile.nullish(),
    startTimeout: aWhile.nullish(),
    enabled: flag.nullish(),
    disabled: flag.nullish(),
    required: flag.nullish(),
    disabledTools: globs.nullish(),
    disabled_tools: globs.nullish(),
    allowTools: globs.nullish(),
    denyTools: globs.nullish(),
    tools: z.record(z.string(), Change, { error: "write an object by tool" }).nullish(),
    client_header_forwarding: Forwarding.nullish(),
    sessions: z
      .enum(["shared", "per-client", "auto"], { error: "write shared, per-client or auto" })
      .nullish(),
    maxSessions: z
      .number({ error: "write a number of connections" })
      .int()
      .min(1, { error: "write at least 1" })
      .max(1000, { error: "write at most 1000" })
      .nullish(),
    ...entrySafety,
    replicas: z
      .array(Replica, { error: "write a list of servers" })
      .max(31, { error: "write at most 31" })
      .nullish(),
    breaker: Breaker.nullish(),
    reads: Reads.nullish(),
  },
  { error: placeWanted },
);
export type Entry = z.infer<typeof Entry>;

const headerName = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
const headerText = text.refine((given) => /^[\t -~\u0080-\u00FF]*$/.test(given), {
  error: "write a text without line breaks",
});

/** What a key sends to one server in place of its entry's headers. */
const Credential = z.strictObject(
  {
    token: headerText.min(1, { error: "write the token, or ${file:PATH}" }).nullish(),
    headers: z
      .record(z.string().regex(headerName, { error: "write the name of a header" }), headerText, {
        error: "write an object of names and texts",
      })
      .nullish(),
  },
  { error: "write an object of token and headers" },
);
export type Credential = z.infer<typeof Credential>;

const keyWanted = "write the key, or ${file:PATH}";

/** One entry of `keys`. */
export const KeyEntry = z.strictObject(
  {
    key: z.string({ error: keyWanted }).min(1, { error: keyWanted }),
    servers: globs.nullish(),
    tools: globs.nullish(),
    groups: texts.nullish(),
    credentials: z.record(z.string(), Credential, { error: "write an object by server" }).nullish(),
  },
  { error: "write an object of key, servers, tools, groups and credentials" },
);

/** One entry of `groups`: names of servers, or more. */
export const GroupEntry = z.union(
  [
    globs.min(1, { error: "name at least one server" }),
    z.strictObject({ servers: globs.nullish(), tools: globs.nullish(), description: text.nullish() }),
  ],
  { error: "write a list of servers, or an object of servers, tools and description" },
);
export type GroupEntry = z.infer<typeof GroupEntry>;

/** Keys of an entry that mean something here. */
export const entryKeys: readonly string[] = Object.keys(Entry.shape);
