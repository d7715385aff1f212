import { patternRule } from "./rule.ts";
import type { Rule } from "./rule.ts";
import { visible } from "./visible.ts";

/** Scripts in which joiners change how letters are drawn. */
const joining =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{M}]$/u;
const pictured = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F|[\u{E0061}-\u{E007A}])$/u;
const fromTheRight = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** What stands before a match, long enough to hold any one character. */
const before = (match: RegExpExecArray, text: string): string =>
  text.slice(Math.max(0, match.index - 4), match.index);

/** Text in the tags block reads as ASCII to a model and as nothing to a person. */
function tagged(found: string): string {
  const letters = Array.from(found, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) - 0xe0000));
  return `reads ${JSON.stringify(visible(letters.join("")).slice(0, 120))}`;
}

/** Bytes hidden in variation selectors, sixteen and 240 of which make a byte. */
function selected(found: string): string {
  const bytes = Array.from(found, (sign) => {
    const code = sign.codePointAt(0) ?? 0;
    return code >= 0xe0100 ? code - 0xe0100 + 16 : code - 0xfe00;
  });
  return `holds ${bytes.length} bytes: ${JSON.stringify(visible(Buffer.from(bytes).toString("utf8")).slice(0, 120))}`;
}

/** What a person does not see and a model reads. */
export const unseenRules: readonly Rule[] = [
  patternRule({
    id: "unicode-tags",
    finds: "characters of the tags block, which spell text that nobody sees",
    pattern: /[\u{E0000}-\u{E007F}]+/gu,
    // The flags of England, Scotland and Wales are written with them.
    isFine: (match, text) =>
      before(match, text).endsWith("\u{1F3F4}") &&
      /^[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{3,6}\u{E007F}$/u.test(match[0]),
    meaning: tagged,
  }),
  patternRule({
    id: "zero-width",
    finds: "characters without width outside of the scripts and pictures that need them",
    pattern:
      /(?:\u034F|\u17B4|\u17B5|[\u00AD\u115F\u1160\u180E\u200B-\u200D\u2060-\u2064\u206A-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB])+/gu,
    isFine: (match, text) =>
      (/^[\u200C\u200D]$/u.test(match[0]) && joining.test(before(match, text))) ||
      (match[0] === "\u200D" && pictured.test(before(match, text))) ||
      (match[0] === "\uFEFF" && match.index === 0),
  }),
  patternRule({
    id: "bidi-control",
    finds: "controls that let text be shown in another order than it is read",
    pattern: /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu,
    // Marks and isolates belong to text that is written from the right; overrides never do.
    isFine: (match, text) => !/[\u202D\u202E]/u.test(match[0]) && fromTheRight.test(text),
  }),
  patternRule({
    id: "variation-selectors",
    finds: "variation selectors in a row or after what has no variants",
    pattern: /[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]+/gu,
    isFine: (match, text) =>
      /^[\uFE00-\uFE0F]$/u.test(match[0]) ||
      (/^[\u{E0100}-\u{E01EF}]$/u.test(match[0]) && /\p{Unified_Ideograph}$/u.test(before(match, text))),
    meaning: selected,
  }),
  patternRule({
    id: "terminal-escape",
    finds: "escape sequences and controls that change what a terminal shows",
    pattern: /[^\P{Cc}\t\n\f\r]+/gu,
  }),
  patternRule({
    id: "padding",
    finds: "so much empty space that what follows is out of sight",
    pattern: /(?:[ \t\u00A0\u2000-\u200A\u3000]{160,}|(?:\r?\n[ \t]{0,20}){25,})(?=\S)/gu,
  }),
  patternRule({
    id: "mixed-script",
    finds: "a word of Latin and Cyrillic letters that look the same",
    pattern: /(?:\p{Script=Latin}\p{Script=Cyrillic}|\p{Script=Cyrillic}\p{Script=Latin})/gu,
  }),
];
