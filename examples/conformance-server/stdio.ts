// The fixtures over standard input and output.
import { serveStdio } from "@parley/server";
import { conformanceRegistry } from "./server.ts";

await serveStdio({ name: "conformance-server", version: "1.0.0", registry: conformanceRegistry() });
