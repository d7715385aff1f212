// zod is the server's own: a file that a server loads needs no folder of packages beside it.
import { z } from "zod";

export function pancakes({ count }) {
  return { pancakes: count, flour_cups: count / 8, eggs: Math.ceil(count / 4) };
}

pancakes.description = "Says what so many pancakes take.";
pancakes.input = z.object({
  count: z.number().int().min(1).max(1000).default(4).describe("How many, for example: 8"),
});
