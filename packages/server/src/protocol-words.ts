import type {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  InputRequiredResult,
  LOG_LEVEL_META_KEY,
  ProtocolError,
  PROTOCOL_VERSION_META_KEY,
  SERVER_INFO_META_KEY,
} from "@modelcontextprotocol/server";
import { isOpen } from "./is-open.ts";

// What is needed of the SDK before it is loaded; the types are its own, so that a change there is an error here.
export const protocolVersionKey: typeof PROTOCOL_VERSION_META_KEY = "io.modelcontextprotocol/protocolVersion";
export const clientInfoKey: typeof CLIENT_INFO_META_KEY = "io.modelcontextprotocol/clientInfo";
export const clientCapabilitiesKey: typeof CLIENT_CAPABILITIES_META_KEY =
  "io.modelcontextprotocol/clientCapabilities";
export const serverInfoKey: typeof SERVER_INFO_META_KEY = "io.modelcontextprotocol/serverInfo";
export const logLevelKey: typeof LOG_LEVEL_META_KEY = "io.modelcontextprotocol/logLevel";

/** Whether a call ended in questions to its client. */
export function isInputRequired(result: unknown): result is InputRequiredResult {
  return isOpen(result) && result["resultType"] === "input_required";
}

/** The SDK marks its errors so, to know those of another copy of itself. */
const brands = Symbol.for("mcp.sdk.errorBrands");

/** Whether something thrown is an error of the SDK's class of that name, of whichever copy of the SDK. */
export function isSdkError(
  thrown: unknown,
  name: "ProtocolError" | "ResourceNotFoundError" | "MissingRequiredClientCapabilityError",
): thrown is ProtocolError {
  const carried: unknown = thrown instanceof Error ? Reflect.get(thrown, brands) : undefined;
  return carried instanceof Set && carried.has(`mcp.${name}`);
}
