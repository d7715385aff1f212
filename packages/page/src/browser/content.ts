import { el } from "./dom.ts";
import { isOpen, objects, parse, text } from "./json.ts";
import type { Open } from "./json.ts";
import { jsonTree } from "./tree.ts";

/** A longer text is cut on the page. */
const maxText = 200_000;

/** What a tool, prompt or resource answered, block by block. All of it is untrusted and shown as text. */
export function resultView(result: Open): HTMLElement {
  const structured = result["structuredContent"];
  const blocks = objects(result["content"]).map((block) => blockView(block));
  const messages = objects(result["messages"]).map((message) => messageView(message));
  const contents = objects(result["contents"]).map((content) => resourceView(content));
  const isBare = structured === undefined && blocks.length + messages.length + contents.length === 0;
  return el(
    "div",
    { class: "result" },
    ...(structured === undefined ? [] : [el("h4", {}, "Structured content"), jsonTree(structured)]),
    // The text of a structured answer is mostly the same again.
    ...(structured !== undefined && blocks.length > 0 ? [el("h4", {}, "Content")] : []),
    ...blocks,
    ...messages,
    ...contents,
    isBare ? el("p", { class: "quiet" }, "The answer is empty.") : undefined,
    el("details", { class: "raw" }, el("summary", {}, "Whole answer"), jsonTree(result)),
  );
}

function messageView({ role, content }: Open): HTMLElement {
  const blocks = isOpen(content) ? [content] : objects(content);
  return el(
    "div",
    { class: "message" },
    el("h4", {}, text(role) ?? "message"),
    ...blocks.map((block) => blockView(block)),
  );
}

function blockView(block: Open): HTMLElement {
  const { type, data, mimeType } = block;
  if (type === "text") return textView(text(block["text"]) ?? "");
  if (type === "image" || type === "audio") return mediaView(type, text(data) ?? "", text(mimeType) ?? "");
  if (type === "resource" && isOpen(block["resource"])) return resourceView(block["resource"]);
  if (type === "resource_link") return linkView(block);
  return jsonTree(block);
}

function textView(value: string): HTMLElement {
  const shown =
    value.length > maxText
      ? `${value.slice(0, maxText)}\n… ${value.length - maxText} characters more`
      : value;
  return el("pre", { class: "text", tabindex: 0 }, shown);
}

/** A kind of media is part of a URL and may not bring anything else into it. */
function mediaView(type: "image" | "audio", data: string, mimeType: string): HTMLElement {
  if (!mimeType.startsWith(`${type}/`) || !/^[a-z]+\/[\w.+-]+$/i.test(mimeType)) {
    return el(
      "p",
      { class: "fault" },
      `This ${type} has the type ${JSON.stringify(mimeType.slice(0, 80))} and is not shown.`,
    );
  }
  const src = `data:${mimeType};base64,${data.replace(/[^A-Za-z0-9+/=]/g, "")}`;
  if (type === "audio") return el("audio", { controls: true, src });
  return el("img", { src, alt: `Image of the type ${mimeType}` });
}

function resourceView(resource: Open): HTMLElement {
  const { uri, mimeType, blob } = resource;
  const head = el("p", { class: "quiet" }, [text(uri), text(mimeType)].filter(Boolean).join(" · "));
  return el("div", { class: "resource" }, head, resourceBody(resource, text(mimeType) ?? "", text(blob)));
}

function resourceBody(resource: Open, mimeType: string, blob: string | undefined): HTMLElement {
  if (blob !== undefined) {
    const kind = mimeType.startsWith("image/")
      ? "image"
      : mimeType.startsWith("audio/")
        ? "audio"
        : undefined;
    if (kind !== undefined) return mediaView(kind, blob, mimeType);
    return el("p", {}, `${Math.floor((blob.length * 3) / 4)} bytes that are no text.`);
  }
  const body = text(resource["text"]) ?? "";
  if (!/[/+]json\b/.test(mimeType)) return textView(body);
  try {
    return jsonTree(parse(body));
  } catch {
    return textView(body);
  }
}

/** A link leads to the resource on this page and never elsewhere. */
function linkView({ uri, name, description }: Open): HTMLElement {
  const address = text(uri) ?? "";
  const link = el("a", { href: `#/resources/${encodeURIComponent(address)}` }, text(name) ?? address);
  return el(
    "p",
    {},
    "Resource ",
    link,
    ` ${address} `,
    el("span", { class: "quiet" }, text(description) ?? ""),
  );
}
