import { part } from "./dom.ts";

const key = "parley.theme";
const themes = ["auto", "dark", "light"] as const;
type Theme = (typeof themes)[number];

/** Binds the button that goes from the system's colours to dark and to light. */
export function bindTheme(): void {
  const toggle = part("theme");
  let theme = stored();
  const show = (): void => {
    if (theme === "auto") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
    toggle.textContent = `Theme: ${theme}`;
  };
  toggle.addEventListener("click", () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "auto";
    localStorage.setItem(key, theme);
    show();
  });
  show();
}

function stored(): Theme {
  const value = localStorage.getItem(key);
  return themes.find((theme) => theme === value) ?? "auto";
}
