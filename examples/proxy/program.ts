// What mcp-server-time and npx are while the example runs: it serves as the program it is called by.
import { basename } from "node:path";
import { serveAs } from "./stand-ins.ts";

await serveAs(basename(process.argv[1] ?? ""));
