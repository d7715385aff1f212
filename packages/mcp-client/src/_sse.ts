/** Cuts a text/event-stream into the data of its events; `push` returns those a chunk completes. */
export function createEventReader(): { push(chunk: Uint8Array): string[] } {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  let data: string[] = [];

  const takeLine = (line: string): string | undefined => {
    if (line === "") {
      const event = data.length > 0 ? data.join("\n") : undefined;
      data = [];
      return event;
    }
    if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
    return undefined;
  };

  return {
    push(chunk) {
      const text = decoder.decode(chunk, { stream: true });
      const lines = text.split("\n");
      const events: string[] = [];
      for (const [index, part] of lines.entries()) {
        pieces.push(part);
        if (index === lines.length - 1) break;
        const line = pieces.join("");
        pieces = [];
        const event = takeLine(line.endsWith("\r") ? line.slice(0, -1) : line);
        if (event !== undefined) events.push(event);
      }
      return events;
    },
  };
}
