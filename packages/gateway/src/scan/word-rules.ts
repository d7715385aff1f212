import { patternRule } from "./rule.ts";
import type { Rule } from "./rule.ts";

/** Up to so many words between two that matter; bounded, so that no text makes a pattern slow. */
const words = (most: number): string => String.raw`(?:\s+\S{1,30}){0,${most}}?\s+`;
const any = (...parts: readonly string[]): RegExp => new RegExp(parts.join("|"), "giu");

const secretPlaces = [
  String.raw`\.ssh\/|\bid_(?:rsa|ed25519|ecdsa)\b|\bauthorized_keys\b`,
  String.raw`\.aws\/credentials|\.kube\/config|\.docker\/config\.json|\.netrc\b|\.pgpass\b|\.git-credentials\b`,
  String.raw`\/etc\/(?:passwd|shadow|sudoers)\b|\/proc\/self\/environ`,
  String.raw`\.cursor\/mcp\.json|claude_desktop_config\.json|\.gnupg\/`,
];

/** Words that are meant for the model, against whoever uses it. */
export const wordRules: readonly Rule[] = [
  patternRule({
    id: "hidden-markup",
    finds: "comments and markup that a page would not show",
    pattern: any(
      String.raw`<!--[\s\S]{0,2000}?(?:-->|$)`,
      String.raw`^\[(?:\/\/|comment)\]:\s*(?:#|<>)`,
      String.raw`<[a-z][\w-]{0,20}\s[^<>]{0,200}(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d]))[^<>]{0,200}>`,
      String.raw`<(?:script|iframe|object|embed)\b`,
    ),
    isOfWords: true,
  }),
  patternRule({
    id: "directive-tag",
    finds: "tags that pass for the words of the system or of its user",
    pattern: any(
      String.raw`<\/?\s{0,3}(?:important|system|secret|instructions?|admin|critical|priority|hidden|assistant|developer)\s{0,3}\/?>`,
      String.raw`<\|(?:im_start|im_end|system|user|assistant|endoftext|start_header_id)[^|]{0,20}\|>`,
      String.raw`\[\/?(?:INST|SYS|SYSTEM)\]|<<\/?SYS>>`,
      String.raw`(?:^|\n)\s{0,5}#{1,4}\s{0,3}(?:system|instruction)s?(?:\s+(?:prompt|message))?\s{0,3}:`,
    ),
    isOfWords: true,
  }),
  patternRule({
    id: "overrides-instructions",
    finds: "orders to forget what was said before, or to be something else",
    pattern: any(
      String.raw`\b(?:ignore|disregard|forget|override|bypass)${words(3)}(?:previous|prior|earlier|above|preceding|existing|other|system|all|your|user'?s?)\s+(?:\S{1,20}\s+){0,2}?(?:instructions?|prompts?|rules?|guidelines?|directives?|messages?)\b`,
      String.raw`\b(?:ignore|disregard|forget)\s+(?:(?:all|any|the|everything)\s+){0,2}(?:previous|prior|earlier|above)\b`,
      String.raw`\byou\s+are\s+now\s+(?:a|an|in|the|no\s+longer)\b|\bnew\s+(?:system\s+)?instructions\s*:`,
      String.raw`\b(?:reveal|print|repeat|output|show|leak)${words(2)}system\s+prompt\b`,
    ),
    isOfWords: true,
  }),
  patternRule({
    id: "hides-from-user",
    finds: "orders to keep something from the user",
    pattern: any(
      String.raw`\b(?:do\s+not|don'?t|never|must\s+not|without|avoid)\s+(?:\S{1,20}\s+){0,2}?(?:tell(?:ing)?|inform(?:ing)?|notify(?:ing)?|alert(?:ing)?|warn(?:ing)?|ask(?:ing)?|mention(?:ing)?|reveal(?:ing)?|disclos(?:e|ing)|show(?:ing)?)${words(6)}users?\b`,
      String.raw`\b(?:hide|conceal|keep)${words(4)}from\s+(?:the\s+)?user\b|\b(?:the\s+)?user\s+(?:must|should|does|may)\s+(?:not|never)\s+(?:know|see|notice|be\s+(?:told|informed|aware))\b`,
      String.raw`\b(?:silently|secretly|covertly)\s+(?:send|read|call|forward|add|include|copy|upload|collect|pass|execute|run)\b`,
    ),
    isOfWords: true,
  }),
  patternRule({
    id: "commands-model",
    finds: "orders to act before, beside or in place of what the user asked",
    pattern: any(
      String.raw`\bbefore\s+(?:using|calling|invoking|running)\s+(?:this|any|other|the)\b${words(6)}(?:must|need\s+to|have\s+to|always|first)?\s{0,3}(?:read|open|call|run|execute|invoke|fetch|send|access|cat)\b`,
      String.raw`\b(?:always|must)\s+(?:call|use|invoke|run)\s+this\s+(?:tool|function)\s+(?:first|before|instead)\b`,
      String.raw`\botherwise\s+(?:the|this)\s+(?:tool|function)\s+(?:will|won'?t|does)\s+(?:not\s+)?(?:work|fail|crash)\b`,
      String.raw`\b(?:even\s+if|regardless\s+of\s+what)\s+the\s+user\b`,
    ),
    isOfWords: true,
  }),
  patternRule({
    id: "secret-place",
    finds: "places where people keep keys and passwords",
    pattern: any(...secretPlaces),
    isOfWords: true,
  }),
  patternRule({
    id: "exfiltration",
    finds: "orders to send what was read to somebody else",
    pattern: any(
      String.raw`\b(?:send|post|upload|forward|transmit|exfiltrate|leak|e-?mail|copy)\s+(?:\S{1,30}\s+){0,8}?(?:to|at|via|into)\s+(?:https?:\/\/|[\w.+-]{1,60}@[\w-]{1,60}\.\w)`,
      String.raw`\b(?:send|pass|include|provide|put|append|attach|insert)${words(5)}(?:contents?|credentials?|api\s*keys?|passwords?|tokens?|secrets?|(?:conversation|chat)\s+(?:history|log)|system\s+prompt|environment\s+variables)${words(4)}(?:as|in|into|to|through|via|using)\s+(?:the\s+|this\s+)?(?:\S{1,30}\s+)?(?:parameter|argument|field|note|context|body|query|url)\b`,
      String.raw`!\[[^\]]{0,100}\]\(https?:\/\/[^)\s]{1,300}(?:\{|%7b|\$|<)[^)]{0,100}\)`,
    ),
    isOfWords: true,
  }),
];
