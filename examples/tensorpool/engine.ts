// As much of TensorPool's engine as this example asks of it.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A stand-in on a free port. */
export async function startEngine(key: string) {
  const clusters = new Map<string, string>();
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += String(piece)));
    request.on("end", () => {
      const known = request.headers.authorization === `Bearer ${key}`;
      const [status, data] = known ? answer(clusters, `${request.method} ${request.url}`, body) : [401, {}];
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(data));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}`, clusters, close: () => server.close() };
}

function answer(clusters: Map<string, string>, route: string, body: string): [number, object] {
  if (route === "GET /user/info") return [200, { message: "ada@example.org" }];
  if (route === "POST /cluster/create") {
    const id = `c-${clusters.size + 1}`;
    clusters.set(id, JSON.parse(body).instance_type);
    return [202, { cluster_id: id, message: `Cluster ${id} is being created` }];
  }
  const id = /^DELETE \/cluster\/(.+)$/.exec(route)?.[1];
  if (id !== undefined && clusters.delete(id)) return [202, { message: `Cluster ${id} is being destroyed` }];
  return [404, { message: "not found" }];
}
