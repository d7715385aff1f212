/** What is a page's own in the frame that all pages have. */
export interface Frame {
  readonly title: string;
  /** What a caller shows to be let in, as buttons call it. */
  readonly secret: "Token" | "Key";
  /** The same where it is typed. */
  readonly label: string;
  /** The variable that programs are told to keep it in; default `MCPSERVER_TOKEN`. */
  readonly tokenVariable?: string | undefined;
  /** Whether the page is one column. */
  readonly isWide?: boolean | undefined;
  /** Whether it has a button that asks for everything anew. */
  readonly reloads?: boolean | undefined;
  /** How urgent what it says beside its content is; default `status`. */
  readonly notices?: "status" | "alert" | undefined;
}

/** What a frame is filled with beside. */
export interface FrameParts {
  /** Attributes' values, not escaped yet. */
  readonly attributes: Readonly<Record<string, string | undefined>>;
  /** Lines before all. */
  readonly modules: string;
  /** A page's own HTML: its navigation, and its content behind the separator. */
  readonly own: string;
}

/** Stands in a page where the frame has its notice. */
const separator = "<!-- the notice of the frame -->\n";

/** Puts a page into its frame; lines for what it does not have are left out. */
export function fillFrame(template: string, frame: Frame, { attributes, modules, own }: FrameParts): string {
  const { title, secret, label, tokenVariable, isWide, reloads, notices = "status" } = frame;
  const [nav = "", content = ""] = own.split(separator);
  const texts: Readonly<Record<string, string | undefined>> = {
    ...attributes,
    title,
    secret,
    ofSecret: secret.toLowerCase(),
    label,
    tokenVariable,
    layout: isWide === true ? "wide" : "",
    reload: reloads === true ? "reload" : undefined,
    notices,
  };
  const markup: Readonly<Record<string, string>> = { modules, nav, content };
  return template
    .split("\n")
    .filter((line) =>
      [...line.matchAll(place)].every(([, name = ""]) => (markup[name] ?? texts[name]) !== undefined),
    )
    .map((line) =>
      line.replaceAll(
        place,
        (_all, name: string) => markup[name]?.trim().replaceAll("\n", "\n    ") ?? escape(texts[name] ?? ""),
      ),
    )
    .join("\n");
}

const place = /\{\{(\w+)\}\}/g;

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
