// Healthy when the server in this container answers /health on its port; programs without a server always are.
const ports = [process.env.MCPSERVER_PORT ?? process.env.PORT ?? "", "8000", "8089"].filter(
  (port) => port !== "",
);
const answers = await Promise.allSettled(
  ports.map(async (port) => {
    const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(3000) });
    if (!response.ok) throw new Error(`status ${response.status}`);
  }),
);
process.exitCode = answers.some(({ status }) => status === "fulfilled") ? 0 : 1;
