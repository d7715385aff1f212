import { isOpen, parse } from "./json.ts";
import type { Open } from "./json.ts";
import { Refusal } from "./mcp.ts";
import { readEvents } from "./sse.ts";
import { authorization } from "./token.ts";

const maxBytes = 2 ** 31;

/** Follows a stream of changes until it ends. @returns whether the server said that there is no more. @throws Refusal */
export async function followChanges(path: string, onChange: (change: Open) => void): Promise<boolean> {
  const response = await fetch(new URL(path, document.baseURI), {
    headers: authorization(),
    credentials: "omit",
    cache: "no-store",
  });
  if (!response.ok || response.body === null) throw new Refusal(response.status, undefined);
  for await (const data of readEvents(response.body, maxBytes)) {
    const change = parse(data);
    if (!isOpen(change)) continue;
    if (Object.keys(change).length === 0) return true;
    onChange(change);
  }
  return false;
}

/** Sends JSON. @throws Refusal */
export async function sendJson(path: string, value: Open): Promise<void> {
  const response = await fetch(new URL(path, document.baseURI), {
    method: "POST",
    headers: { "content-type": "application/json", ...authorization() },
    body: JSON.stringify(value),
    credentials: "omit",
    cache: "no-store",
  });
  if (response.ok) return;
  const body = parse((await response.text()).slice(0, 10_000) || "{}");
  throw new Refusal(
    response.status,
    isOpen(body) && isOpen(body["error"]) ? body["error"] : isOpen(body) ? body : undefined,
  );
}
