import { Box, Text, useInput } from "ink";
import { createElement as h, useRef, useState } from "react";
import type { FunctionComponent } from "react";
import { toParleyError } from "@parley/core";
import type { Question } from "@parley/plans";
import { hint, withoutControls } from "./words.ts";

interface AskingProps {
  readonly question: Question;
  readonly answer: (id: string, text: string) => void;
  readonly colour: boolean;
}

interface Typed {
  readonly text: string;
  /** Of the options. */
  readonly chosen: number;
  readonly fault: string;
}

const longest = 4000;

/** A question, and what a person types. Its key is the question's id: another question begins with nothing typed. */
export const Asking: FunctionComponent<AskingProps> = ({ question, answer, colour }) => {
  const { options = [], initial } = question;
  const first = Math.max(0, options.indexOf(initial ?? ""));
  const [typed, setTyped] = useState<Typed>({ text: "", chosen: first, fault: "" });
  // Keys may come faster than drawings.
  const latest = useRef(typed);
  const put = (next: Typed): void => {
    latest.current = next;
    setTyped(next);
  };
  const takesText = options.length === 0 || question.free === true;
  const send = ({ text, chosen }: Typed): void => {
    try {
      answer(question.id, text === "" && options.length > 0 ? (options[chosen] ?? "") : text);
    } catch (error) {
      put({ ...latest.current, fault: toParleyError(error).message });
    }
  };
  useInput((input, key) => {
    if (key.ctrl || key.meta || key.escape) return;
    if (key.return) send(latest.current);
    else put(next(latest.current, { input, key, options, takesText }));
  });
  return h(
    Box,
    {
      flexDirection: "column",
      borderStyle: "round",
      paddingX: 1,
      ...(colour ? { borderColor: "yellow" } : {}),
    },
    h(Text, { bold: true }, `${question.step} asks`),
    h(Text, {}, question.text),
    ...options.map((option, index) =>
      h(
        Text,
        { key: option, inverse: index === typed.chosen && typed.text === "" },
        `${index === typed.chosen && typed.text === "" ? "›" : " "} ${index + 1} ${option}`,
      ),
    ),
    takesText ? h(Text, {}, `> ${typed.text}`, h(Text, { inverse: true }, " ")) : undefined,
    typed.fault === "" ? undefined : h(Text, colour ? { color: "red" } : {}, typed.fault),
    h(Text, { dimColor: true }, hint(question)),
  );
};

interface Pressed {
  readonly input: string;
  readonly key: Parameters<Parameters<typeof useInput>[0]>[1];
  readonly options: readonly string[];
  readonly takesText: boolean;
}

function next(now: Typed, { input, key, options, takesText }: Pressed): Typed {
  const last = options.length - 1;
  if (key.upArrow) return { ...now, chosen: Math.max(0, now.chosen - 1) };
  if (key.downArrow) return { ...now, chosen: Math.min(last, now.chosen + 1) };
  if (key.backspace || key.delete) return { ...now, text: now.text.slice(0, -1) };
  const number = Number(input) - 1;
  if (!takesText)
    return Number.isInteger(number) && number >= 0 && number <= last ? { ...now, chosen: number } : now;
  // What is pasted comes in one piece.
  return {
    ...now,
    text: (now.text + withoutControls(input)).slice(0, longest),
    fault: "",
  };
}
