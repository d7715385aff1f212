import { part } from "./dom.ts";
import { token } from "./token.ts";

/** The dialog that asks for the token, and the buttons around it. */
export interface SignIn {
  /** @param why - one sentence, such as that the token is wrong. */
  ask(why: string): void;
}

/** @param onChange - called when there is another token, or none. */
export function bindSignIn(onChange: () => void): SignIn {
  const dialog = part("sign-in");
  const form = part("sign-in-form");
  const input = part("token");
  const why = part("sign-in-why");
  const forget = part("forget");
  if (!(dialog instanceof HTMLDialogElement) || !(input instanceof HTMLInputElement)) {
    throw new TypeError("The page's own HTML does not fit its code.");
  }
  const show = (): void => {
    forget.hidden = token.get() === undefined;
  };
  const ask = (reason: string): void => {
    why.textContent = reason;
    input.value = "";
    if (!dialog.open) dialog.showModal();
    input.focus();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const value = input.value.trim();
    // A header takes no other characters; the server would never see it.
    if (!/^[\x21-\x7e]+$/.test(value)) {
      why.textContent = "A token is one word of letters, digits and signs.";
      return;
    }
    token.set(value);
    input.value = "";
    dialog.close();
    show();
    onChange();
  });
  part("sign-in-cancel").addEventListener("click", () => dialog.close());
  part("sign-in-open").addEventListener("click", () =>
    ask("It is kept in this tab until you close it or forget it."),
  );
  forget.addEventListener("click", () => {
    token.forget();
    show();
    part("sign-in-open").focus();
    onChange();
  });
  show();
  return { ask };
}
