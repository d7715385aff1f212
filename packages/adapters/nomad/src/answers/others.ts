import { z } from "zod";
import { labels, number, text } from "./fields.ts";

export const NamespaceAnswer = z.object({ Name: z.string(), Description: text, Quota: text, Meta: labels });

export const VariableStub = z.object({
  Path: z.string(),
  Namespace: text,
  CreateTime: number,
  ModifyTime: number,
  ModifyIndex: number,
});
export const Variable = VariableStub.extend({ Items: labels });

export const Ignored = z.unknown();
