import { part } from "./dom.ts";

/** `/` goes to the search, Enter and arrow down from there to what it found, Escape clears it. */
export function bindKeys(search: HTMLElement, list: HTMLElement): void {
  part("skip").addEventListener("click", (event) => {
    // What follows # in the address names what is shown.
    event.preventDefault();
    part("detail").focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]") !== null) return;
    event.preventDefault();
    search.focus();
  });
  search.addEventListener("keydown", (event) => {
    const first = list.querySelector<HTMLAnchorElement>("a");
    if (event.key === "Enter") first?.click();
    else if (event.key === "ArrowDown") first?.focus();
    else if (event.key === "Escape" && search instanceof HTMLInputElement) {
      search.value = "";
      search.dispatchEvent(new Event("input"));
    } else return;
    event.preventDefault();
  });
  list.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const links = [...list.querySelectorAll("a")];
    const at = links.findIndex((link) => link === document.activeElement);
    const next = links[at + (event.key === "ArrowDown" ? 1 : -1)];
    (next ?? search).focus();
    event.preventDefault();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select") !== null;
}
