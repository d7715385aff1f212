import { el } from "./dom.ts";
import { text } from "./json.ts";
import type { Open } from "./json.ts";

/** The remarks of a run, newest last; what is new is added and the rest left alone. */
export interface LogView {
  update(lines: readonly Open[]): void;
}

export function logView(place: HTMLElement): LogView {
  const list = el("ol", { class: "events" });
  const known = new Map<Open, HTMLElement>();
  return {
    update(lines) {
      if (lines.length > 0 && list.parentElement === null) place.append(el("h4", {}, "Log"), list);
      const wanted = new Set(lines);
      for (const [line, item] of known) {
        if (wanted.has(line)) continue;
        item.remove();
        known.delete(line);
      }
      for (const line of lines) {
        if (known.has(line)) continue;
        const item = lineView(line);
        known.set(line, item);
        list.append(item);
      }
    },
  };
}

function lineView({ time, level, step, message }: Open): HTMLElement {
  const at = typeof time === "number" ? new Date(time).toLocaleTimeString() : "";
  const about = text(step);
  const kind = level === "error" || level === "warning" ? "bad" : undefined;
  const said = `${about === undefined ? "" : `${about}: `}${text(message) ?? ""}`;
  return el("li", {}, el("time", {}, at), " ", el("span", { class: kind }, said));
}
