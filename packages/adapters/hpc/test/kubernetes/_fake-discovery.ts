import { kinds } from "./_fake-kinds.ts";

/** What the API says of itself at a path; nothing for paths of objects. */
export function discovery(path: string): object | undefined {
  const groups = [
    ...new Set(kinds.map(({ groupVersion }) => groupVersion).filter((group) => group !== "v1")),
  ];
  if (path === "/version")
    return { major: "1", minor: "32", gitVersion: "v1.32.0-fake", goVersion: "go", platform: "linux/amd64" };
  if (path === "/api") return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
  if (path === "/apis") {
    return {
      kind: "APIGroupList",
      apiVersion: "v1",
      groups: groups.map((groupVersion) => {
        const [name, version] = groupVersion.split("/");
        return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
      }),
    };
  }
  if (path === "/openapi/v3") {
    return {
      paths: Object.fromEntries(
        ["api/v1", ...groups.map((group) => `apis/${group}`)].map((at) => [
          at,
          { serverRelativeURL: `/openapi/v3/${at}?hash=1` },
        ]),
      ),
    };
  }
  const [, schema] = /^\/openapi\/v3\/(?:apis?\/)?(.+)$/.exec(path) ?? [];
  if (schema !== undefined) return openapi(schema.replace(/^api\//, ""));
  const [, served] = /^\/(?:api|apis)\/(v1|[^/]+\/[^/]+)$/.exec(path) ?? [];
  const own = kinds.filter(({ groupVersion }) => groupVersion === served);
  if (served === undefined || own.length === 0) return undefined;
  const resources = own.flatMap(({ plural, kind, namespaced }) => [
    {
      name: plural,
      singularName: kind.toLowerCase(),
      namespaced,
      kind,
      verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
    },
    ...(plural === "deployments"
      ? [
          {
            name: "deployments/scale",
            singularName: "",
            namespaced,
            group: "autoscaling",
            version: "v1",
            kind: "Scale",
            verbs: ["get", "patch", "update"],
          },
        ]
      : []),
  ]);
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion: served, resources };
}

/** As much of the document as makes kubectl leave the checking of fields to the server. */
function openapi(groupVersion: string): object {
  const own = kinds.filter(
    (kind) => kind.groupVersion === groupVersion || (groupVersion === "v1" && kind.groupVersion === "v1"),
  );
  const [group = "", version = groupVersion] = groupVersion.includes("/")
    ? groupVersion.split("/")
    : ["", groupVersion];
  const parameters = [{ name: "fieldValidation", in: "query", schema: { type: "string" } }];
  const paths = own.map(({ plural, kind, namespaced }) => [
    `${group === "" ? "/api/v1" : `/apis/${groupVersion}`}${namespaced ? "/namespaces/{namespace}" : ""}/${plural}/{name}`,
    { patch: { parameters, "x-kubernetes-group-version-kind": { group, version, kind } } },
  ]);
  return { openapi: "3.0.0", info: { title: "fake", version: "1" }, paths: Object.fromEntries(paths) };
}
