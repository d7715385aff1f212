import { startFixtureServer } from "./_fixture-server.ts";

/** Serves the fixtures until it is interrupted: `serve-fixtures.ts [PORT]`. */
const { url } = await startFixtureServer(undefined, Number(process.argv[2] ?? 0));
process.stdout.write(`${url}\n`);
