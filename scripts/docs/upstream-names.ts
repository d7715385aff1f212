/** A flag, variable or file key of the Python server, and why it is not among our options where it is not. */
export interface UpstreamName {
  readonly name: string;
  readonly reason?: string | undefined;
}

const attempts =
  "a model is asked once and may correct its answer once; --llm-timeout and --llm-max-tokens bound it";
const agents = "of the agent program, which is not part of this server";
const sibling = "of a stand-alone server of another package";
const next = "comes with a later part of this version's server work; see the roadmap";

/** Flags of `mcpserver` and `mcpserver start`. */
export const upstreamFlags: readonly UpstreamName[] = [
  { name: "--debug" },
  { name: "--quiet" },
  { name: "--version", reason: "kept, on the program itself" },
  { name: "--port" },
  { name: "--transport" },
  { name: "--host" },
  { name: "--path" },
  { name: "--config" },
  { name: "--tool-module", reason: next },
  { name: "--tool" },
  { name: "--prompt", reason: next },
  { name: "--resource", reason: next },
  { name: "--event", reason: next },
  { name: "--include", reason: next },
  { name: "--exclude", reason: next },
  { name: "--ssl-keyfile", reason: next },
  { name: "--ssl-certfile", reason: next },
  { name: "--mask-error_details" },
  { name: "--hub" },
  { name: "--hub-secret" },
  { name: "--batch" },
  { name: "--serial" },
  { name: "--dual" },
  { name: "--join" },
  { name: "--join-secret" },
  { name: "--worker-id" },
  { name: "--public-url" },
  { name: "--verbose" },
  { name: "--label" },
  { name: "--mock" },
  { name: "--archetype" },
  { name: "--llm-backend" },
  { name: "--llm-model" },
  { name: "--llm-api-base" },
];

/** Variables of the server, its siblings and its clients. */
export const upstreamVariables: readonly UpstreamName[] = [
  { name: "MCPSERVER_PORT" },
  { name: "MCPSERVER_HOST" },
  { name: "MCPSERVER_PATH" },
  { name: "MCPSERVER_TOKEN" },
  { name: "MCP_HUB_SECRET" },
  { name: "MCPSERVER_JOIN_SECRET" },
  { name: "SSL_CERT_FILE" },
  { name: "SSL_CERT_DIR", reason: next },
  { name: "RESOURCE_SECRETARY_LLM" },
  { name: "RESOURCE_SECRETARY_MODEL" },
  { name: "RESOURCE_SECRETARY_API_BASE" },
  { name: "MCP_SERVER_NEGOTIATE_MAX_ATTEMPTS", reason: attempts },
  { name: "MCP_SERVER_SELECT_MAX_ATTEMPTS", reason: attempts },
  { name: "MCP_SERVER_SUBMIT_MAX_ATTEMPTS", reason: attempts },
  { name: "GEMINI_API_KEY", reason: "kept, with --llm-backend gemini" },
  { name: "OPENAI_API_KEY", reason: "kept, with --llm-backend openai" },
  { name: "OPENAI_BASE_URL", reason: "--llm-api-base, PARLEY_LLM_API_BASE" },
  { name: "OPENAI_MODEL", reason: "--llm-model, PARLEY_LLM_MODEL" },
  { name: "FRACTALE_MCP_PORT", reason: agents },
  { name: "FRACTALE_MCP_TOKEN", reason: agents },
  { name: "FRACTALE_LLM_PROVIDER", reason: agents },
  { name: "FRACTALE_LLM_MODEL", reason: agents },
  { name: "MESSAGELEVEL", reason: "was set and never read" },
  { name: "SPACK_ROOT" },
  { name: "LMOD_CMD" },
  { name: "MODULEPATH" },
  { name: "MPI_ROOT", reason: "MPI is found on the PATH and among modules" },
  { name: "PBS_SERVER", reason: "there is no PBS engine yet" },
  { name: "COBALT_JOBID", reason: "there is no Cobalt engine" },
  { name: "SINGULARITY_CACHEDIR" },
  { name: "APPTAINER_CACHEDIR" },
  { name: "HPC_MCP_TOKEN", reason: sibling },
  { name: "FLUX_MCP_TOKEN", reason: sibling },
  { name: "FLUX_MCP_DATABASE", reason: sibling },
];

/** Keys of the YAML file. */
export const upstreamKeys: readonly UpstreamName[] = [
  { name: "server.transport" },
  { name: "server.host" },
  { name: "server.port" },
  { name: "server.path" },
  { name: "server.ssl_keyfile", reason: next },
  { name: "server.ssl_certfile", reason: next },
  { name: "settings.include", reason: next },
  { name: "settings.exclude", reason: next },
  { name: "discovery", reason: next },
  { name: "tools" },
  { name: "prompts", reason: next },
  { name: "resources", reason: next },
  { name: "events", reason: next },
];
