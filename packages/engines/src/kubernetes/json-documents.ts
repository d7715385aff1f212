import { ParleyError } from "@parley/core";

const maxCharacters = 8 * 2 ** 20;

/**
 * Splits a stream of JSON objects that stand one after another, as a watch prints them, into the objects.
 * @throws ParleyError `E_ENGINE_OUTPUT` for an object of more than 8 Mi characters or one that is no JSON
 */
export async function* jsonDocuments(pieces: AsyncIterable<string>): AsyncGenerator {
  const scanner = createScanner();
  for await (const piece of pieces) {
    for (const text of scanner.take(piece)) yield parsed(text);
    if (scanner.held() > maxCharacters)
      throw new ParleyError("E_ENGINE_OUTPUT", "A watched object has no end.");
  }
}

interface Scanner {
  /** Adds text; returns the objects it completed. */
  take(piece: string): readonly string[];
  held(): number;
}

function createScanner(): Scanner {
  let held = "";
  let at = 0;
  let depth = 0;
  let quoted = false;
  let escaped = false;
  const step = (character: string): boolean => {
    if (quoted) {
      if (escaped) escaped = false;
      else if (character === "\\") escaped = true;
      else if (character === '"') quoted = false;
      return false;
    }
    if (character === '"') quoted = true;
    else if (character === "{") depth += 1;
    else if (character === "}") {
      depth -= 1;
      return depth === 0;
    }
    return false;
  };
  return {
    held: () => held.length,
    take(piece) {
      held += piece;
      const found: string[] = [];
      while (at < held.length) {
        const character = held[at] ?? "";
        at += 1;
        if (!step(character)) continue;
        found.push(held.slice(0, at));
        held = held.slice(at);
        at = 0;
      }
      return found;
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ParleyError("E_ENGINE_OUTPUT", "kubectl watched an object that is no JSON.", { cause });
  }
}
