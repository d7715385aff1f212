/** TensorPool GPU clusters and jobs as MCP tools. */

export {};
