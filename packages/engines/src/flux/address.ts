import { ParleyError } from "@parley/core";

const local = /^local:\/\/\/(?!.*(?:^|\/)\.\.(?:\/|$))[\w./@+=:,-]{1,400}$/;
const remote =
  /^ssh:\/\/(?:\w[\w.-]{0,63}@)?[A-Za-z0-9][A-Za-z0-9.-]{0,252}(?::\d{1,5})?\/(?!.*(?:^|\/)\.\.(?:\/|$))[\w./@+=,-]{1,400}$/;

/**
 * Checks the address of an instance: a socket of this machine or, where that is allowed, one that Flux reaches by
 * starting `ssh`. Every other connector would load a file of the address's choice.
 * @throws `E_ARGUMENT_INVALID`, `E_ENGINE_FORBIDDEN`
 */
export function checkFluxUri(uri: string, allowRemote: boolean): string {
  if (local.test(uri)) return uri;
  const shown = JSON.stringify(uri.slice(0, 120));
  if (!remote.test(uri)) {
    throw new ParleyError(
      "E_ARGUMENT_INVALID",
      `${shown} is no address of a Flux instance: write local:///run/flux/local or ssh://host/path, as flux uri prints it.`,
    );
  }
  if (allowRemote) return uri;
  throw new ParleyError(
    "E_ENGINE_FORBIDDEN",
    `${shown} is another machine, and reaching it by ssh is switched off: allow it with allowRemote.`,
  );
}
