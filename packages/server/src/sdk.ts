import type * as SdkSide from "./sdk-side.ts";

type Sdk = typeof SdkSide;

let loaded: Sdk | undefined;

/**
 * The MCP SDK's server, loaded with the first request that needs it. It takes longer to load than all the rest of a
 * server, and the requests that are answered without it need none of it.
 */
export async function loadSdk(): Promise<Sdk> {
  loaded ??= await import("./sdk-side.ts");
  return loaded;
}

/** The SDK, if some request has needed it so far. */
export function loadedSdk(): Sdk | undefined {
  return loaded;
}
