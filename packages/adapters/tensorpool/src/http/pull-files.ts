import { ParleyError } from "@parley/core";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { BackendCall, PullRequest, Pulled } from "../backend.ts";
import { type Collected, isThere, settleFile } from "../collect-files.ts";
import { readDownloads } from "../downloads.ts";
import { messageOf } from "../engine-fault.ts";
import { refusedLine, shellLineOf } from "../shell-lines.ts";
import { cleanText } from "../text.ts";
import { type HttpHost, requestEngine } from "./request.ts";

const fileMs = 30 * 60_000;
/** A model's weights are large; a stream without end is larger. */
const maxFileBytes = 512 * 2 ** 30;

/** Downloads the files of a job into a folder, each checked before anything is fetched. */
export async function pullFiles(host: HttpHost, request: PullRequest, call: BackendCall): Promise<Pulled> {
  const { jobId } = request;
  const doing = `pull the files of job ${jobId}`;
  const { data } = await requestEngine(
    host,
    {
      doing,
      request: { method: "GET", path: ["job", "pull", jobId], query: { dry_run: "false", system: "linux" } },
    },
    call,
  );
  const line = shellLineOf(data);
  if (line !== undefined) throw refusedLine(doing, host.redact(line));
  const files = Object.entries(readDownloads(data["download_map"], host.settings.engine));
  const result: Record<keyof Collected, string[]> = { created: [], overwritten: [], skipped: [] };
  const scratch = await mkdtemp(join(tmpdir(), "parley-tp-"));
  try {
    for (const [index, [path, address]] of files.entries()) {
      if (!request.force && (await isThere(join(request.folder, path)))) {
        result.skipped.push(path);
        continue;
      }
      const draft = join(scratch, String(index));
      await download(host, { path, address, draft }, call);
      result[await settleFile(draft, path, request)].push(path);
      call.onMessage(`${path} (${String(index + 1)} of ${String(files.length)})`);
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  const message = messageOf(data) ?? (files.length === 0 ? "No changed files to pull" : "Job files pulled");
  return { message: cleanText(host.redact(message)), data: {}, ...result };
}

interface Wanted {
  readonly path: string;
  readonly address: string;
  readonly draft: string;
}

async function download(host: HttpHost, { path, address, draft }: Wanted, call: BackendCall): Promise<void> {
  const send = host.fetch ?? fetch;
  const signal = AbortSignal.any([call.signal, AbortSignal.timeout(fileMs)]);
  try {
    const { status, body } = await send(address, { signal, redirect: "error" });
    if (status !== 200 || body === null) throw new Error(`its address answered ${String(status)}`);
    await pipeline(Readable.from(body), limitBytes(), createWriteStream(draft, { mode: 0o600 }));
  } catch (cause) {
    if (call.signal.aborted) throw new ParleyError("E_INTERRUPTED", `Pulling ${path} was interrupted.`);
    const answered = cause instanceof Error && cause.message.startsWith("its address answered");
    const why = answered ? cause.message : "its address cannot be read";
    throw new ParleyError(
      "E_ENGINE_UNREACHABLE",
      `Could not pull ${JSON.stringify(path)}: ${why}; try again.`,
    );
  }
}

function limitBytes(): Transform {
  let bytes = 0;
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      bytes += piece.length;
      if (bytes > maxFileBytes) done(new Error("too long"));
      else done(null, piece);
    },
  });
}
