import { ParleyError } from "@parley/core";

/** A fetch that follows no redirect, so that a key goes nowhere else, and ends a body that grows too large. */
export function boundedFetch(
  send: typeof fetch,
  { model, maxBytes }: { model: string; maxBytes: number },
): typeof fetch {
  return async (input, init) => {
    const response = await send(input, { ...init, redirect: "error" });
    if (response.body === null) return response;
    let bytes = 0;
    const counted = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          bytes += chunk.byteLength;
          if (bytes > maxBytes) controller.error(tooLarge(model, maxBytes));
          else controller.enqueue(chunk);
        },
      }),
    );
    const { status, statusText, headers } = response;
    return new Response(counted, { status, statusText, headers });
  };
}

function tooLarge(model: string, maxBytes: number): ParleyError {
  return new ParleyError(
    "E_LLM_OUTPUT",
    `The model ${model} answered with more than ${maxBytes} bytes: ask for a shorter answer.`,
  );
}
