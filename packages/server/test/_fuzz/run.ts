import * as fc from "fast-check";
import { brokenNames, brokenSending, rawSending } from "./raw.ts";
import { type Fuzzed, mutatedRequest, strangeRequest } from "./requests.ts";
import type { Target } from "./target.ts";
import { type Reception, send, type Sending } from "./wire.ts";

/** How much of a fuzz to run. */
export interface FuzzOptions {
  readonly target: Target;
  /** Requests sent. */
  readonly requests: number;
  readonly seed?: number | undefined;
}

const atOnce = 8;

/**
 * Sends generated requests a few at a time. A failure is shrunk to few requests and thrown with its seed.
 */
export async function fuzz({ target, requests, seed }: FuzzOptions): Promise<void> {
  const one: fc.Arbitrary<Fuzzed> = fc.oneof(
    { weight: 6, arbitrary: mutatedRequest },
    { weight: 3, arbitrary: strangeRequest },
    { weight: 1, arbitrary: rawSending },
  );
  const batch = fc.array(one, { minLength: 1, maxLength: atOnce, size: "max" });
  const property = fc.asyncProperty(batch, async (fuzzed) => {
    const session = await target.session();
    const sendings = fuzzed.map((make) => make(session));
    const found = await Promise.all(sendings.map((sending) => faultsOf(target.port, sending)));
    const troubles = await settledTroubles(target);
    const faults = [...found.flat(), ...troubles];
    if (faults.length > 0) throw new Error(`${faults.join("\n")}\nafter:\n${sendings.map(shown).join("\n")}`);
  });
  await fc.assert(property, {
    numRuns: Math.ceil(requests / (atOnce / 2)),
    ...(seed === undefined ? {} : { seed }),
  });
}

/** Every broken form of HTTP once. */
export async function breakHttp(target: Target): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const name of brokenNames) {
    const found = await faultsOf(target.port, brokenSending(name));
    faults.push(...found.map((fault) => `${name}: ${fault}`));
  }
  return [...faults, ...(await settledTroubles(target))];
}

async function faultsOf(port: number, sending: Sending): Promise<string[]> {
  return judge(await send(port, sending));
}

/** Which answers blame the server for what the client did. */
function judge({ statuses, text, how }: Reception): string[] {
  const bad = statuses.filter((status) => status >= 500 && status !== 503);
  return [
    ...bad.map((status) => `answered ${status}: ${text.slice(-600)}`),
    ...(how === "hung" ? ["neither answered nor closed"] : []),
    ...(/E_INTERNAL|"code":-32603|Maximum call stack/.test(text)
      ? [`called it its own fault: ${text.slice(-600)}`]
      : []),
  ];
}

/** A server notices within a moment that a client has gone. */
async function settledTroubles(target: Target): Promise<readonly string[]> {
  for (let attempt = 0; ; attempt += 1) {
    const troubles = await target.troubles();
    if (troubles.length === 0 || attempt === 20 || troubles.some((one) => one.startsWith("unhandled"))) {
      return troubles;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function shown({ pieces, after }: Sending): string {
  const text = pieces.map((piece) => piece.toString("latin1")).join("");
  return `${after ?? "wait"} ${JSON.stringify(text.length > 800 ? `${text.slice(0, 600)} ... ${text.slice(-200)}` : text)}`;
}
