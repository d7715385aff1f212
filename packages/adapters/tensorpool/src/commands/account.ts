import { ParleyError } from "@parley/core";
import type { EngineCommand } from "../backend.ts";

const keyFile = "key.pub";

const me = (): EngineCommand => ({
  doing: "read the account",
  argv: () => ["me"],
  request: { method: "GET", path: ["user", "info"] },
});

const listKeys = (org: boolean): EngineCommand => ({
  doing: "list the SSH keys",
  argv: () => ["me", "sshkey", "list", ...(org ? ["--org"] : [])],
  request: { method: "GET", path: ["user", "ssh-key", "list"], query: org ? { include_org: "true" } : {} },
});

const addKey = (publicKey: string, name: string | undefined): EngineCommand => ({
  doing: "add the SSH key",
  files: { [keyFile]: `${publicKey}\n` },
  argv: ({ file }) => ["me", "sshkey", "add", file(keyFile), ...(name === undefined ? [] : ["--name", name])],
  request: {
    method: "POST",
    path: ["user", "ssh-key", "add"],
    body: { public_key: publicKey, ...(name === undefined ? {} : { name }) },
  },
});

const removeKey = (id: string): EngineCommand => ({
  doing: `remove SSH key ${id}`,
  argv: () => ["me", "sshkey", "remove", id],
  request: { method: "DELETE", path: ["user", "ssh-key", "remove", id] },
});

/** `tp` has no such command; it follows requests itself when it waits. */
const request = (id: string): EngineCommand => ({
  doing: `look at request ${id}`,
  argv() {
    throw new ParleyError(
      "E_ENGINE_REFUSED",
      "tp cannot look at a request: set TENSORPOOL_BACKEND=http, or look at the cluster itself.",
    );
  },
  request: { method: "GET", path: ["request", "info", id] },
});

/** Commands about the account. */
export const accountCommands = { me, listKeys, addKey, removeKey, request };
