/** What a model reads and writes over one task, in tokens. */
export interface TaskCost {
  readonly requests: number;
  /** All that was sent, the conversation so far again in each request. */
  readonly input: number;
  /** The same where what was sent before counts a tenth, as providers charge a cached prefix. */
  readonly cachedInput: number;
  readonly output: number;
}

/** Tokens are counted as a quarter of the UTF-8 bytes: near enough for English and JSON, and the same for both ways. */
export function tokens(text: string): number {
  return Buffer.byteLength(text) / 4;
}

/** A model's turn: what it writes, and what it gets to read after it. */
export interface Turn {
  readonly writes: string;
  readonly reads?: string | undefined;
}

const cachedShare = 0.1;

/** A conversation that begins with tools and a task; the last turn is the answer to the person. */
export function costOf(tools: string, task: string, turns: readonly Turn[]): TaskCost {
  let context = tokens(tools) + tokens(task);
  let before = 0;
  const cost = { requests: turns.length, input: 0, cachedInput: 0, output: 0 };
  for (const { writes, reads = "" } of turns) {
    cost.input += context;
    cost.cachedInput += context - before + before * cachedShare;
    cost.output += tokens(writes);
    before = context;
    context += tokens(writes) + tokens(reads);
  }
  return cost;
}
