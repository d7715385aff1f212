import { toParleyError } from "@parley/core";
import { z } from "zod";
import { createAddressCheck } from "../policy/address-rules.ts";
import type { CallLimit, LimitRules, SafetyRules, ServerSafety, ToolLimit } from "./safety-config.ts";

const globs = z.array(z.string({ error: "write a text" }), { error: "write a list of texts" });
const onChange = z.enum(["allow", "warn", "quarantine"], { error: "write allow, warn or quarantine" });
const onFinding = z.enum(["off", "warn", "quarantine"], { error: "write off, warn or quarantine" });
const count = (most: number) =>
  z
    .number({ error: "write a number" })
    .int({ error: "write a whole number" })
    .min(1, { error: "write at least 1" })
    .max(most, { error: `write at most ${most}` });

/** Keys of an entry of `mcpServers` that say how it is watched. */
export const entrySafety = {
  onChange: onChange.nullish(),
  scan: onFinding.nullish(),
  scanResults: onFinding.nullish(),
};

/** What an entry says of how its server is watched; nothing when it says nothing. */
export function safetyOf(entry: {
  readonly onChange?: ServerSafety["onChange"] | null;
  readonly scan?: ServerSafety["scan"] | null;
  readonly scanResults?: ServerSafety["scanResults"] | null;
}): { readonly safety?: ServerSafety } {
  const { onChange: change, scan, scanResults } = entry;
  if (change == null && scan == null && scanResults == null) return {};
  return {
    safety: {
      ...(change == null ? {} : { onChange: change }),
      ...(scan == null ? {} : { scan }),
      ...(scanResults == null ? {} : { scanResults }),
    },
  };
}

const limit = {
  perMinute: count(1_000_000).nullish(),
  burst: count(1_000_000).nullish(),
  concurrent: count(100_000).nullish(),
};
const limitWanted = "write an object of perMinute, burst and concurrent";
const Limits = z.strictObject(
  {
    keys: z
      .record(z.string(), z.strictObject(limit, { error: limitWanted }), { error: "write an object by key" })
      .nullish(),
    tools: z
      .record(
        z.string(),
        z.strictObject(
          {
            ...limit,
            per: z.enum(["all", "key"], { error: "write all or key" }).nullish(),
            resultBytes: count(1_073_741_824).min(1024, { error: "write at least 1024" }).nullish(),
          },
          { error: `${limitWanted}, per and resultBytes` },
        ),
        { error: "write an object by server or server.tool" },
      )
      .nullish(),
    requestBytes: count(1_073_741_824).nullish(),
  },
  { error: "write an object of keys, tools and requestBytes" },
);

const Network = z.strictObject(
  { allow: globs.nullish(), deny: globs.nullish() },
  { error: "write an object of allow and deny" },
);

const address = z.string().refine((given) => URL.canParse(given), { error: "write an address" });
const OAuth = z.strictObject(
  {
    issuer: address,
    audience: z.union([z.string(), z.array(z.string()).min(1)], {
      error: "write an audience, or a list of them",
    }),
    jwksUrl: address.nullish(),
    scopesClaim: z.string().nullish(),
    scopes: z.record(
      z.string(),
      z.strictObject(
        { servers: globs.nullish(), tools: globs.nullish() },
        { error: "write an object of servers and tools" },
      ),
      { error: "write an object of servers and tools by scope" },
    ),
  },
  { error: "write an object of issuer, audience and scopes" },
);

const Safety = z.looseObject({
  limits: Limits.nullish(),
  network: Network.nullish(),
  oauth: OAuth.nullish(),
});
type Report = (path: readonly (string | number)[], message: string) => void;

/** Reads `limits`, `network` and `oauth` of a file. @param report - hears what is wrong, with its place */
export function readSafety(file: unknown, report: Report): SafetyRules {
  const found = Safety.safeParse(file);
  if (!found.success) {
    for (const issue of found.error.issues) {
      const extra = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
      const path = [...issue.path.map((part) => (typeof part === "number" ? part : String(part))), ...extra];
      const what = issue.code === "unrecognized_keys" ? "it means nothing here; take it out" : issue.message;
      report(path, `${path.join(".")}: ${what}.`);
    }
    return {};
  }
  const { limits, network, oauth } = found.data;
  return {
    ...(limits == null ? {} : { limits: limitsOf(limits) }),
    ...(network == null ? {} : { network: networkOf(network, report) }),
    ...(oauth == null ? {} : { oauth: oauthOf(oauth) }),
  };
}

function limitsOf({ keys, tools, requestBytes }: z.infer<typeof Limits>): LimitRules {
  return {
    keys: mapped(keys ?? {}, callLimit),
    tools: mapped(tools ?? {}, ({ per, resultBytes, ...rest }): ToolLimit => ({
      ...callLimit(rest),
      ...(per == null ? {} : { per }),
      ...(resultBytes == null ? {} : { resultBytes }),
    })),
    ...(requestBytes == null ? {} : { requestBytes }),
  };
}

type RawLimit = { readonly [Key in keyof CallLimit]?: number | null | undefined };

function callLimit({ perMinute, burst, concurrent }: RawLimit): CallLimit {
  return {
    ...(perMinute == null ? {} : { perMinute }),
    ...(burst == null ? {} : { burst }),
    ...(concurrent == null ? {} : { concurrent }),
  };
}

function networkOf(
  { allow, deny }: z.infer<typeof Network>,
  report: Report,
): NonNullable<SafetyRules["network"]> {
  const rules = { allow: allow ?? [], deny: deny ?? [] };
  try {
    createAddressCheck(rules);
  } catch (error) {
    report(["network"], toParleyError(error).message);
  }
  return rules;
}

function oauthOf({
  issuer,
  audience,
  jwksUrl,
  scopesClaim,
  scopes,
}: z.infer<typeof OAuth>): NonNullable<SafetyRules["oauth"]> {
  return {
    issuer,
    audience: typeof audience === "string" ? [audience] : audience,
    ...(jwksUrl == null ? {} : { jwksUrl }),
    ...(scopesClaim == null ? {} : { scopesClaim }),
    scopes: mapped(scopes, ({ servers, tools }) => ({ servers: servers ?? [], tools: tools ?? [] })),
  };
}

function mapped<From, To>(
  from: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name, change(value)]));
}
