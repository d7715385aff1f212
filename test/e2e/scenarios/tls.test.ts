import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "node:tls";
import { expect, onTestFinished, vi } from "vitest";
import { makePair, writePair } from "../harness/certificates.ts";
import { scratch, secret, startHub, startNode, startWorker } from "../harness/nodes.ts";
import { runToEnd } from "../harness/processes.ts";
import { verifies } from "../verifies.ts";

const ask = (url: string, env: Record<string, string> = {}, flags: readonly string[] = []) =>
  runToEnd(["satisfy", "Run hostname", "--json", "--url", url, ...flags], {
    script: "apps/resource-ask/src/cli.ts",
    env,
  });

/** A private authority and the files of a server it vouches for. */
async function site() {
  const directory = await scratch();
  const ca = await makePair({ name: "Site CA", authority: true });
  const files = await writePair(directory, await makePair({ ca }));
  const caFile = join(directory, "ca.pem");
  await writeFile(caFile, ca.cert);
  return { directory, caFile, flags: { sslKeyfile: files.keyFile, sslCertfile: files.certFile } };
}

verifies(["SRV-04"], "a federation in which everybody shows a certificate", async () => {
  const { flags, caFile } = await site();
  const mutual = { ...flags, ca: caFile, sslCa: caFile, heartbeat: "10" };
  const hub = await startHub(mutual);
  await startWorker(hub, "sim", { ...mutual, mock: "hpc" });
  const shown = ["--client-cert", flags.sslCertfile, "--client-key", flags.sslKeyfile];
  const known = await ask(hub.url, {}, ["--ca", caFile, ...shown]);
  expect(known).toMatchObject({ code: 0 });
  expect(Object.keys(JSON.parse(known.stdout).proposals)).toEqual(["sim"]);
  const [unknown, half] = await Promise.all([
    ask(hub.url, {}, ["--ca", caFile]),
    ask(hub.url, {}, ["--ca", caFile, "--client-cert", flags.sslCertfile]),
  ]);
  expect(unknown.code).toBe(4);
  expect([half.code, half.stderr]).toEqual([2, expect.stringMatching(/--client-key is missing/)]);
});

verifies(["SRV-15"], "hub and worker speak https to each other under a private authority", async () => {
  const { flags, caFile } = await site();
  const hub = await startHub({ ...flags, ca: caFile, heartbeat: "10" });
  expect(hub.url).toMatch(/^https:/);
  const worker = await startWorker(hub, "sim", { ...flags, ca: caFile, mock: "hpc" });
  expect(worker.url).toMatch(/^https:/);
  const asked = await ask(hub.url, {}, ["--ca", caFile]);
  const answer = JSON.parse(asked.stdout);
  expect(answer.proposals.sim.gate.verdict).not.toBe("UNKNOWN");
});

verifies(
  ["SRV-15"],
  "every client of ours heeds SSL_CERT_FILE and SSL_CERT_DIR, and says what is missing",
  async () => {
    const { flags, directory, caFile } = await site();
    const other = await scratch();
    await writeFile(join(other, "ca.pem"), (await makePair({ name: "Other CA", authority: true })).cert);
    const hub = await startHub({ ...flags, ca: caFile, heartbeat: "10" });
    await startWorker(hub, "sim", { ...flags, mock: "hpc" }, { SSL_CERT_FILE: caFile });
    const [bare, wrong, file, folder, absent] = await Promise.all([
      ask(hub.url),
      ask(hub.url, { SSL_CERT_FILE: join(other, "ca.pem") }),
      ask(hub.url, { SSL_CERT_FILE: caFile }),
      ask(hub.url, { SSL_CERT_DIR: `${other}:/nowhere:${directory}` }),
      ask(hub.url, { SSL_CERT_FILE: "/nowhere.pem" }),
    ]);
    for (const refused of [bare, wrong]) {
      expect([refused.code, refused.stderr]).toEqual([
        4,
        expect.stringMatching(/unknown authority: pass --ca FILE or set SSL_CERT_FILE/),
      ]);
    }
    for (const trusted of [file, folder]) {
      expect(Object.keys(JSON.parse(trusted.stdout).proposals)).toEqual(["sim"]);
    }
    expect([absent.code, absent.stderr]).toEqual([2, expect.stringMatching(/SSL_CERT_FILE \/nowhere\.pem/)]);
  },
);

verifies(["SRV-15"], "a worker that does not trust its hub says how it could", async () => {
  const { flags, caFile } = await site();
  const hub = await startHub({ ...flags, ca: caFile, heartbeat: "10" });
  const worker = await startNode({ join: hub.base, joinSecret: secret, workerId: "w", mock: "hpc" });
  await vi.waitFor(() => {
    const state = worker.membership?.state;
    expect(state?.kind === "retrying" ? state.error.message : "").toMatch(/--ca FILE or set SSL_CERT_FILE/);
  });
});

verifies(["SRV-15"], "a hub that does not trust its worker says whose flag is missing", async () => {
  const { flags } = await site();
  const hub = await startHub({ heartbeat: "10" });
  const worker = await startNode({
    ...flags,
    join: hub.base,
    joinSecret: secret,
    workerId: "w",
    mock: "hpc",
  });
  await vi.waitFor(() => {
    const state = worker.membership?.state;
    expect(state?.kind === "refused" ? state.error.message : "").toMatch(
      /certificate this hub does not trust; start the hub with --ca FILE/,
    );
  });
});

async function issuedTo(url: string): Promise<string> {
  const socket = connect({ port: Number(new URL(url).port), host: "127.0.0.1", rejectUnauthorized: false });
  onTestFinished(() => void socket.destroy());
  await new Promise((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return [CN].flat().join();
}

verifies(["SRV-05"], "a renewed certificate is taken up by a running server", async () => {
  const directory = await scratch();
  const { keyFile, certFile } = await writePair(directory, await makePair({ name: "first" }));
  const node = await startNode({ sslKeyfile: keyFile, sslCertfile: certFile });
  expect(await issuedTo(node.url)).toBe("first");
  await writePair(directory, await makePair({ name: "second" }));
  await vi.waitFor(async () => expect(await issuedTo(node.url)).toBe("second"), {
    timeout: 15_000,
    interval: 500,
  });
  expect(node.notices.join()).toContain("new certificate");
});

verifies(["SRV-02", "SRV-14"], "unusable flags are one sentence and exit code 2", async () => {
  const directory = await scratch();
  await mkdir(join(directory, "other"));
  const own = await writePair(directory, await makePair());
  const other = await writePair(join(directory, "other"), await makePair());
  const [sslKeyfile, sslCertfile] = [own.keyFile, own.certFile];
  const cases: readonly (readonly [Record<string, unknown>, RegExp])[] = [
    [{ sslKeyfile }, /--ssl-certfile is missing/],
    [{ sslCa: own.certFile }, /--ssl-keyfile is missing/],
    [{ sslKeyfile: "/no.pem", sslCertfile }, /--ssl-keyfile \/no\.pem: there is no such file/],
    [{ sslKeyfile: other.keyFile, sslCertfile }, /the key does not belong/],
    [{ baseUrl: "ftp://x" }, /--base-url.*http or https/],
    [{ baseUrl: "https://x/?a=1" }, /--base-url.*scheme, host, port and path/],
    [{ trustProxy: ["300.1.1.1"] }, /--trust-proxy/],
  ];
  for (const [flags, message] of cases) {
    await expect(startNode(flags)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  }
  const ended = await runToEnd(["start", "--ssl-keyfile", "/no.pem", "--ssl-certfile", own.certFile]);
  expect([ended.code, ended.stderr]).toEqual([2, "error: --ssl-keyfile /no.pem: there is no such file.\n"]);
});

verifies(["LOAD-06", "SRV-04"], "tools export asks a server behind a private authority", async () => {
  const { flags, caFile, directory } = await site();
  const hub = await startHub(flags, { MCPSERVER_TOKEN: "s3cret" });
  const tokenFile = join(directory, "token");
  await writeFile(tokenFile, "s3cret\n");
  const exported = (given: readonly string[], env: Record<string, string>) =>
    runToEnd(["tools", "export", "--url", hub.url, ...given], { env });
  const [byFlag, byVariable, distrustful] = await Promise.all([
    exported(["--ca", caFile, "--token-file", tokenFile], {}),
    exported([], { SSL_CERT_FILE: caFile, MCPSERVER_TOKEN: "s3cret" }),
    exported([], { MCPSERVER_TOKEN: "s3cret" }),
  ]);
  for (const { code, stdout } of [byFlag, byVariable]) {
    expect([code, JSON.parse(stdout).length > 5]).toEqual([0, true]);
  }
  expect([distrustful.code, distrustful.stderr]).toEqual([4, expect.stringMatching(/pass --ca FILE/)]);
});
