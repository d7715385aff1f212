import { z } from "zod";
import { number, text, truth } from "./fields.ts";

export const Deployment = z.object({
  ID: z.string(),
  JobID: text,
  JobVersion: number,
  Namespace: text,
  Status: text,
  StatusDescription: text,
  TaskGroups: z
    .record(
      z.string(),
      z.object({
        DesiredTotal: number,
        DesiredCanaries: number,
        PlacedAllocs: number,
        HealthyAllocs: number,
        UnhealthyAllocs: number,
        Promoted: truth,
      }),
    )
    .nullish()
    .transform((found) => found ?? {}),
});
export type Deployment = z.infer<typeof Deployment>;
