import { ParleyError } from "@parley/core";
import type { ChatOptions } from "./port.ts";
import { defaultTimeoutMs } from "./request.ts";

interface Bounds extends ChatOptions {
  readonly model: string;
}

/**
 * Runs a call until it ends, its time is over or its caller leaves; also where the work does not listen to its signal.
 * @throws `E_LLM_TIMEOUT`, `E_INTERRUPTED`
 */
export async function bounded<Value>(
  { model, signal, timeoutMs = defaultTimeoutMs }: Bounds,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const late = AbortSignal.timeout(timeoutMs);
  const both = signal === undefined ? late : AbortSignal.any([signal, late]);
  const ended = (): ParleyError =>
    late.aborted && signal?.aborted !== true
      ? new ParleyError(
          "E_LLM_TIMEOUT",
          `The model ${model} did not answer within ${timeoutMs} ms: allow it more time, or ask for less.`,
        )
      : new ParleyError("E_INTERRUPTED", `The question to the model ${model} was taken back.`);
  if (both.aborted) throw ended();
  const listening: { stop?: () => void } = {};
  const aborted = new Promise<never>((_resolve, reject) => {
    const onAbort = (): void => reject(ended());
    both.addEventListener("abort", onAbort, { once: true });
    listening.stop = () => both.removeEventListener("abort", onAbort);
  });
  try {
    return await Promise.race([work(both), aborted]);
  } catch (error) {
    throw both.aborted ? ended() : error;
  } finally {
    listening.stop?.();
  }
}
