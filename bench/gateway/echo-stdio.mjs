// An echo server over stdio, as fast as Node.js alone can be.
import { createEcho, readFlags } from "./echo-core.mjs";

const { waitMs, ...flags } = readFlags(process.argv);
const answer = createEcho(flags);
let rest = "";
const hear = (chunk) => {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop() ?? "";
  let out = "";
  for (const line of lines) {
    const message = line === "" ? undefined : answer(JSON.parse(line));
    if (message !== undefined) out += `${JSON.stringify(message)}\n`;
  }
  if (out !== "") process.stdout.write(out);
};
process.stdin.setEncoding("utf8");
process.stdin.on("end", () => process.exit());
setTimeout(() => process.stdin.on("data", hear), waitMs);
