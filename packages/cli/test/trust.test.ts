import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { openTrust, readTrust } from "@parley/cli";
import { expect, onTestFinished, test } from "vitest";

const block = (text: string): string => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----`;

async function directory(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "parley-trust-"));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

test("[SRV-15] adds up flag, file and directories, each certificate once", async () => {
  const [one, two] = [await directory(), await directory()];
  await writeFile(join(one, "a.pem"), `# a comment\n${block("A")}\n${block("B")}\n`);
  await writeFile(join(two, "key.pem"), "-----BEGIN PRIVATE KEY-----\nK\n-----END PRIVATE KEY-----\n");
  await writeFile(join(two, "c.pem"), block("C"));
  await mkdir(join(two, "folder"));
  await symlink("c.pem", join(two, "deadbeef.0"));
  await symlink("gone", join(two, "broken.0"));
  const file = join(one, "a.pem");
  expect(await readTrust({ env: {} })).toBeUndefined();
  expect(await readTrust({ ca: file, env: { SSL_CERT_FILE: file } })).toBe(`${block("A")}\n${block("B")}`);
  const env = { SSL_CERT_DIR: ["/nowhere", two].join(delimiter) };
  expect(await readTrust({ env })).toBe(block("C"));
  expect(await readTrust({ env: { SSL_CERT_DIR: "/nowhere", SSL_CERT_FILE: "" } })).toBeUndefined();
});

test("[SRV-15] names what cannot be used by where it came from", async () => {
  const empty = join(await directory(), "x.pem");
  await writeFile(empty, "x");
  await expect(readTrust({ ca: "/no.pem", env: {} })).rejects.toThrow(
    "--ca /no.pem: cannot be read (ENOENT).",
  );
  await expect(readTrust({ env: { SSL_CERT_FILE: empty } })).rejects.toMatchObject({
    code: "E_CONFIG_INVALID",
    message: `SSL_CERT_FILE ${empty}: no PEM certificate in that file.`,
  });
});

test("[SRV-15] reads again on demand, and keeps what it had when that fails", async () => {
  const ca = join(await directory(), "ca.pem");
  await writeFile(ca, block("A"));
  const trust = await openTrust({ ca, env: {} });
  await writeFile(ca, block("B"));
  expect(trust.pem()).toBe(block("A"));
  await trust.refresh();
  expect(trust.pem()).toBe(block("B"));
  await rm(ca);
  await trust.refresh();
  expect(trust.pem()).toBe(block("B"));
});

test("[SRV-15] reads directories again when a file in them was written, came or went", async () => {
  const [folder, file] = [await directory(), (name: string) => join(folder, name)];
  await writeFile(file("a.pem"), block("A"));
  const trust = await openTrust({ env: { SSL_CERT_DIR: folder } });
  expect(trust.pem()).toBe(block("A"));
  await writeFile(file("a.pem"), block("B"));
  await utimes(file("a.pem"), new Date(), new Date(Date.now() + 5000));
  await trust.refresh();
  expect(trust.pem()).toBe(block("B"));
  await writeFile(file("c.pem"), block("C"));
  await trust.refresh();
  expect(trust.pem()).toBe(`${block("B")}\n${block("C")}`);
  await rm(folder, { recursive: true });
  await trust.refresh();
  expect(trust.pem()).toBeUndefined();
});
