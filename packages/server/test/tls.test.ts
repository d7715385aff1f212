import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import type { ParleyError } from "@parley/core";
import { openTls, type Tls, watchTls } from "@parley/server";
import { fakeClock } from "@parley/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { makePair, type Pair, writePair } from "../../../test/e2e/harness/certificates.ts";
import { testServer } from "./support.ts";

async function directory(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "parley-tls-"));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

async function connected(port: number, options: object = {}): Promise<TLSSocket> {
  const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false, ...options });
  onTestFinished(() => void socket.destroy());
  await new Promise((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
  return socket;
}

async function serialOf(port: number): Promise<string> {
  const socket = await connected(port);
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}

const serial = ({ cert }: Pair): string => new X509Certificate(cert).serialNumber;

function get(url: string, options: object): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, options, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once("error", reject)
      .end();
  });
}

describe("[SRV-02] unusable files are named with what is wrong", () => {
  const refusal = async (files: Parameters<typeof openTls>[0]): Promise<string> => {
    const error = await openTls(files).then(
      () => undefined,
      (thrown: ParleyError) => thrown,
    );
    expect(error?.code).toBe("E_CONFIG_INVALID");
    return error?.message ?? "";
  };

  it("a missing file, a file without key or certificate", async () => {
    const files = await writePair(await directory(), await makePair());
    const missing = `${files.keyFile}.gone`;
    expect(await refusal({ ...files, keyFile: missing })).toBe(
      `--ssl-keyfile ${missing}: there is no such file.`,
    );
    expect(await refusal({ ...files, keyFile: files.certFile })).toMatch(/no PEM private key/);
    expect(await refusal({ ...files, certFile: files.keyFile })).toMatch(
      /--ssl-certfile.*no PEM certificate/,
    );
    expect(await refusal({ ...files, caFile: files.keyFile })).toMatch(/--ssl-ca.*no PEM certificate/);
  });

  it("a key of another certificate", async () => {
    const [one, other] = [await makePair(), await makePair()];
    const files = await writePair(await directory(), { key: one.key, cert: other.cert });
    expect(await refusal(files)).toMatch(/the key does not belong to the certificate .*cert\.pem/);
  });

  it("a key behind a passphrase", async () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const key = privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" });
    const files = await writePair(await directory(), { key: String(key), cert: (await makePair()).cert });
    expect(await refusal(files)).toMatch(/protected by a passphrase.*openssl pkey/);
  });
});

it("[SRV-02] warns of a certificate that has expired, is not valid yet, or soon will not be", async () => {
  const from = new Date("2026-01-01T00:00:00Z");
  const to = new Date("2026-04-01T00:00:00Z");
  const files = await writePair(await directory(), await makePair({ from, to }));
  const at = async (time: string) => (await openTls(files, fakeClock(Date.parse(time)))).warning;
  expect(await at("2026-02-01T00:00:00Z")).toBeUndefined();
  expect(await at("2026-03-30T00:00:00Z")).toMatch(/expires on/);
  expect(await at("2026-05-01T00:00:00Z")).toMatch(/expired on/);
  expect(await at("2025-12-01T00:00:00Z")).toMatch(/not valid before/);
});

it("[SRV-03] TLS 1.1 is refused, 1.2 and 1.3 are spoken", async () => {
  const tls = await openTls(await writePair(await directory(), await makePair()));
  const { port } = await testServer({ https: tls.https }).listen();
  const old = { maxVersion: "TLSv1.1", minVersion: "TLSv1", ciphers: "DEFAULT:@SECLEVEL=0" };
  await expect(connected(port, old)).rejects.toThrow(/version|alert|protocol/i);
  expect((await connected(port, { maxVersion: "TLSv1.2" })).getProtocol()).toBe("TLSv1.2");
  expect((await connected(port)).getProtocol()).toBe("TLSv1.3");
});

it("[SRV-04] asks clients for a certificate of --ssl-ca", async () => {
  const folder = await directory();
  const ca = await makePair({ name: "Site CA", authority: true });
  const stranger = await makePair({ name: "client" });
  const client = await makePair({ name: "client", ca });
  const own = await makePair();
  const caFile = join(folder, "ca.pem");
  await writeFile(caFile, ca.cert);
  const { https } = await openTls({ ...(await writePair(folder, own)), caFile });
  const { url } = await testServer({ https }).listen();
  const health = `${url}/health`;
  expect(await get(health, { ...client, ca: own.cert, agent: false })).toBe(200);
  await expect(get(health, { ca: own.cert, agent: false })).rejects.toThrow(/certificate|ECONNRESET|socket/i);
  await expect(get(health, { ...stranger, ca: own.cert, agent: false })).rejects.toThrow(
    /certificate|ECONNRESET|socket|alert/i,
  );
});

async function watched(folder: string, files: Parameters<typeof openTls>[0], https: Tls) {
  const server = testServer({ https: https.https });
  const { port } = await server.listen();
  const faults: string[] = [];
  let reloads = 0;
  const watcher = watchTls(server.app.server, {
    files,
    current: https,
    onReload: () => (reloads += 1),
    onFault: ({ message }) => faults.push(message),
  });
  onTestFinished(() => watcher.close());
  return { port, faults, watcher, folder, reloads: () => reloads };
}

describe("[SRV-05] certificates are taken up when they change", () => {
  it("through the swapped link of a mounted secret, without dropping a connection", async () => {
    const folder = await directory();
    const [first, second] = [await makePair(), await makePair()];
    for (const [name, pair] of [
      ["one", first],
      ["two", second],
    ] as const) {
      await mkdir(join(folder, name));
      await writePair(join(folder, name), pair);
    }
    await symlink("one", join(folder, "current"));
    const files = { keyFile: join(folder, "current/key.pem"), certFile: join(folder, "current/cert.pem") };
    const { port, faults, watcher, reloads } = await watched(folder, files, await openTls(files));
    const open = await connected(port);
    expect(await serialOf(port)).toBe(serial(first));
    await watcher.check();
    expect(reloads()).toBe(0);
    await symlink("two", join(folder, "next"));
    await rename(join(folder, "next"), join(folder, "current"));
    await watcher.check();
    expect([await serialOf(port), reloads(), faults]).toEqual([serial(second), 1, []]);
    const answer = new Promise<string>((resolve) => open.once("data", (chunk) => resolve(String(chunk))));
    open.write("GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n");
    expect(await answer).toMatch(/^HTTP\/1.1 200/);
  });

  it("one file after the other, and keeps the old pair when they stay apart", async () => {
    const folder = await directory();
    const [first, second] = [await makePair(), await makePair()];
    const files = await writePair(folder, first);
    const { port, faults, watcher } = await watched(folder, files, await openTls(files));
    await writeFile(files.certFile, second.cert);
    await watcher.check();
    expect([faults, await serialOf(port)]).toEqual([[], serial(first)]);
    await writeFile(files.keyFile, second.key);
    await watcher.check();
    expect([faults, await serialOf(port)]).toEqual([[], serial(second)]);
    await rm(files.keyFile);
    for (let look = 0; look < 4; look += 1) await watcher.check();
    expect(faults).toEqual([expect.stringMatching(/--ssl-keyfile .*no such file/)]);
    expect(await serialOf(port)).toBe(serial(second));
    await writePair(folder, first);
    await watcher.check();
    expect(await serialOf(port)).toBe(serial(first));
  });
});
