import { ParleyError } from "@parley/core";
import type * as AiSdk from "ai";
import type { AiBackend } from "./options.ts";

type Ai = typeof AiSdk;

interface Connection {
  readonly model: string;
  readonly apiKey: string;
  readonly baseURL?: string | undefined;
  readonly fetch: typeof fetch;
}

/** What a backend needs: its package, the variable of its key, and whether it works without one. */
interface Backend {
  readonly package: string;
  readonly keyName: string;
  readonly base: string;
  readonly open: (connection: Connection & { readonly baseURL: string }) => Promise<AiSdk.LanguageModel>;
}

/** The providers, each from a package of its own that is looked for at the first call. */
export const backends: Readonly<Record<AiBackend, Backend>> = {
  openai: {
    package: "@ai-sdk/openai-compatible",
    keyName: "OPENAI_API_KEY",
    base: "https://api.openai.com/v1",
    async open({ model, ...connection }) {
      const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
      return createOpenAICompatible({ name: "openai", ...connection }).chatModel(model);
    },
  },
  gemini: {
    package: "@ai-sdk/google",
    keyName: "GEMINI_API_KEY",
    base: "https://generativelanguage.googleapis.com/v1beta",
    async open({ model, ...connection }) {
      const { createGoogleGenerativeAI } = await import("@ai-sdk/google");
      return createGoogleGenerativeAI(connection)(model);
    },
  },
  anthropic: {
    package: "@ai-sdk/anthropic",
    keyName: "ANTHROPIC_API_KEY",
    base: "https://api.anthropic.com/v1",
    async open({ model, ...connection }) {
      const { createAnthropic } = await import("@ai-sdk/anthropic");
      return createAnthropic(connection)(model);
    },
  },
};

/** The SDK prints warnings to standard output, which belongs to the protocol in a server over stdio. */
function quieten(): void {
  if (!("AI_SDK_LOG_WARNINGS" in globalThis)) Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });
}

/** Seams for tests: what loads the packages. */
interface LoadSeams {
  readonly importSdk?: (() => Promise<Ai>) | undefined;
  readonly open?: Backend["open"] | undefined;
}

/** The SDK and one provider's model. @throws `E_LLM_DRIVER` with the command that installs what is missing */
export async function loadModel(
  backend: AiBackend,
  connection: Connection,
  { importSdk = () => import("ai"), open = backends[backend].open }: LoadSeams = {},
): Promise<{ ai: Ai; model: AiSdk.LanguageModel }> {
  const { package: name, base } = backends[backend];
  quieten();
  try {
    const [ai, model] = await Promise.all([
      importSdk(),
      open({ ...connection, baseURL: connection.baseURL ?? base }),
    ]);
    return { ai, model };
  } catch (cause) {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND";
    if (!missing) throw cause;
    throw new ParleyError(
      "E_LLM_DRIVER",
      `The model backend ${backend} is not installed: run npm install ai@6 ${name}.`,
      { cause },
    );
  }
}
