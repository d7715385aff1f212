import { ParleyError } from "@parley/core";

/** Whether an address ends in `?mode=search`. @throws `E_ARGUMENT_INVALID` for any other mode */
export function isSearched(url: string): boolean {
  const cut = url.indexOf("?");
  const mode = cut < 0 ? null : new URLSearchParams(url.slice(cut + 1)).get("mode");
  if (mode === null || mode === "all") return false;
  if (mode === "search") return true;
  const shown = JSON.stringify(mode.slice(0, 32));
  throw new ParleyError("E_ARGUMENT_INVALID", `?mode=${shown} is none of search, all.`);
}
