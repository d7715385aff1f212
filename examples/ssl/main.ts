// A server behind TLS with a certificate of its own: one client that does not trust it, one that does.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { generate } from "selfsigned";

const run = promisify(execFile);
const manifest = createRequire(import.meta.url).resolve("@parley/mcpserver/package.json");
const bin = join(dirname(manifest), "bin", "mcpserver.js");
const certs = await mkdtemp(join(tmpdir(), "parley-ssl-"));
const key = join(certs, "key.pem");
const cert = join(certs, "cert.pem");

/** `openssl` where there is one, else a library that does the same. */
async function makeCertificate(): Promise<void> {
  const words = "req -x509 -newkey rsa:4096 -sha256 -days 365 -nodes -subj /CN=localhost".split(" ");
  try {
    await run("openssl", [...words, "-keyout", key, "-out", cert]);
    console.log(`openssl ${words.join(" ")} -keyout key.pem -out cert.pem`);
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error) || error.code !== "ENOENT") throw error;
    const made = await generate([{ name: "commonName", value: "localhost" }], { algorithm: "sha256" });
    await writeFile(key, made.private, { mode: 0o600 });
    await writeFile(cert, made.cert);
    console.log("No openssl here: the certificate was made by the package selfsigned.");
  }
}

/** Runs the client as a process of its own, as SSL_CERT_FILE is read when it starts. */
async function client(url: string, env: Record<string, string>): Promise<string> {
  const path = join(import.meta.dirname, "client.ts");
  const { SSL_CERT_FILE: _file, SSL_CERT_DIR: _dir, ...clean } = process.env;
  const { stdout } = await run(process.execPath, ["--import", "tsx", path, url], {
    env: { ...clean, ...env },
  });
  return stdout.trim();
}

await makeCertificate();
const flags = ["--transport", "http", "--port", "0", "--host", "localhost"];
const server = spawn(
  process.execPath,
  [bin, "start", ...flags, "--ssl-keyfile", key, "--ssl-certfile", cert],
  {
    stdio: ["ignore", "inherit", "pipe"],
  },
);
try {
  let url: string | undefined;
  for await (const line of createInterface(server.stderr)) {
    console.log(`  ${line}`);
    url = /ready at (\S+)/.exec(line)?.[1];
    if (url !== undefined) break;
  }
  server.stderr.resume();
  assert.ok(url !== undefined && url.startsWith("https://localhost:"), url);

  const refused = await client(url, {});
  console.log(`without:            ${refused}`);
  assert.match(refused, /^failed: Cannot reach localhost.*self-signed.*SSL_CERT_FILE/);

  const trusted = await client(url, { SSL_CERT_FILE: cert });
  console.log(`with SSL_CERT_FILE: ${trusted}`);
  assert.equal(trusted, "heard: hello over TLS");

  const folder = await client(url, { SSL_CERT_DIR: certs });
  console.log(`with SSL_CERT_DIR:  ${folder}`);
  assert.equal(folder, "heard: hello over TLS");
} finally {
  const ended = new Promise((resolve) => server.once("exit", resolve));
  if (server.exitCode === null && server.kill("SIGTERM")) await ended;
  await rm(certs, { recursive: true, force: true });
}
