/** Flux as MCP tools: submit, watch, read and cancel jobs, validate and explain jobspecs. */

export {};
