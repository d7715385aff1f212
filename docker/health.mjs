// Healthy when the server in this container answers /healthz, by HTTP or by HTTPS, on its port or on a usual one.
import { request as plain } from "node:http";
import { request as secure } from "node:https";

const ports = [process.env.MCPSERVER_PORT, process.env.PORT, "8089", "8000"].filter(Boolean);

/** The certificate names the server's public name, not this loopback address, and nothing secret is sent. */
const options = { path: "/healthz", host: "127.0.0.1", timeout: 3000, rejectUnauthorized: false };

function answers(request, port) {
  return new Promise((resolve, reject) => {
    request({ ...options, port }, ({ statusCode }) => {
      if (statusCode === 200) resolve(port);
      else reject(new Error(`port ${port}: status ${statusCode}`));
    })
      .once("timeout", function late() {
        this.destroy(new Error(`port ${port}: no answer in 3 s`));
      })
      .once("error", reject)
      .end();
  });
}

try {
  await Promise.any(ports.flatMap((port) => [answers(plain, port), answers(secure, port)]));
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error.errors.map(({ message }) => message).join("; ")}\n`, () => process.exit(1));
}
