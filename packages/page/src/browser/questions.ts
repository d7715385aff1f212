import { button, el } from "./dom.ts";
import { schemaForm } from "./form.ts";
import { isOpen, text } from "./json.ts";
import type { Open } from "./json.ts";

/** More questions at once are refused. */
const maxQuestions = 32;

/**
 * Puts what a server asks during a call before the person, one after the other.
 * @returns the answers by the keys of the questions
 * @throws when the call is cancelled, or for a question this page cannot put
 */
export async function askAll(place: HTMLElement, asked: unknown, signal: AbortSignal): Promise<Open> {
  const questions = isOpen(asked) ? Object.entries(asked) : [];
  if (questions.length > maxQuestions)
    throw new Error(`The server asks more than ${maxQuestions} questions at once.`);
  const answers: [string, unknown][] = [];
  for (const [key, question] of questions) {
    if (!isOpen(question) || question["method"] !== "elicitation/create" || !isOpen(question["params"])) {
      throw new Error("The server asks for something that this page cannot give.");
    }
    answers.push([key, await askOne(place, question["params"], signal)]);
  }
  return Object.fromEntries(answers);
}

function askOne(place: HTMLElement, params: Open, signal: AbortSignal): Promise<Open> {
  return new Promise((resolve, reject) => {
    const isUrl = params["mode"] === "url";
    const form = isUrl ? undefined : schemaForm(params["requestedSchema"], true);
    const asks = el(
      "form",
      { class: "question", "aria-label": "Question of the server" },
      el("h4", {}, "The server asks"),
      el("p", {}, text(params["message"]) ?? ""),
      isUrl ? addressView(text(params["url"]) ?? "") : form?.node,
    );
    const finish = (answer: Open): void => {
      asks.remove();
      resolve(answer);
    };
    asks.append(
      el(
        "div",
        { class: "actions" },
        el("button", { type: "submit", class: "primary" }, "Answer"),
        button("Decline", () => finish({ action: "decline" })),
        button("Dismiss", () => finish({ action: "cancel" }), { class: "plain" }),
      ),
    );
    asks.addEventListener("submit", (event) => {
      event.preventDefault();
      const content = form?.read();
      if (isUrl) finish({ action: "accept" });
      else if (content !== undefined) finish({ action: "accept", content });
    });
    signal.addEventListener(
      "abort",
      () => {
        asks.remove();
        reject(new DOMException("Cancelled.", "AbortError"));
      },
      { once: true },
    );
    place.append(asks);
    asks.querySelector<HTMLElement>("input, select, textarea, button")?.focus();
  });
}

/** The whole address is shown, and opens only as a page of the web in a window that knows nothing of this one. */
function addressView(address: string): HTMLElement {
  const isWeb = URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
  if (!isWeb)
    return el(
      "p",
      { class: "fault" },
      `The server names an address that cannot be opened: ${address.slice(0, 200)}`,
    );
  return el(
    "p",
    {},
    "Open ",
    el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, address),
    ", then answer.",
  );
}
