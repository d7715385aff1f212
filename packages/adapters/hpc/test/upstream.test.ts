import * as api from "@parley/hpc";
import { hpcOperations } from "@parley/hpc";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadTool, loadPrompt } from "@parley/tool-registry";
import { resolveAlias } from "../../../../apps/mcpserver/src/load/aliases.ts";

const guide = readFileSync(join(import.meta.dirname, "../../../../docs/guides/hpc.md"), "utf8");

/** Every function and prompt of hpc-mcp by its module, with its arguments. */
const upstream: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "build.spack.tool": {
    which_spack: [],
    spack_list: ["query", "use_cache"],
    spack_find: ["spec"],
    spack_info: ["package_name"],
    spack_spec: ["spec"],
    spack_install: ["spec", "verbose"],
  },
  "build.spack.prompt": { spack_software_request_persona: ["goal"] },
  "build.modules.tool": {
    module_avail: ["query", "use_cache"],
    module_show: ["module_name"],
    module_load_instruction: ["modules"],
    module_get_path: [],
  },
  "build.modules.prompt": { module_software_request_persona: ["goal"] },
  "build.docker.tool": {
    docker_build_container: ["dockerfile", "uri", "platforms", "as_dict"],
    docker_run_container: ["uri", "command", "as_json"],
    docker_push_container: ["uri", "all_tags"],
    kind_load: ["uri", "load_type"],
  },
  "build.docker.prompt": {
    docker_build_persona_prompt: ["application", "environment"],
    docker_fix_persona_prompt: ["error_message"],
  },
  "kubernetes.tool": {
    kubectl_get: ["resource_type", "name", "namespace", "label_selector", "verbose"],
    kubectl_describe: ["verbose"],
    kubectl_logs: ["tail", "verbose"],
    kubectl_unique_logs: [],
    kubectl_get_events: [],
    kubectl_explain: ["path", "recursive"],
    kubectl_top_nodes: [],
    kubectl_top_pods: [],
    kubectl_crds: [],
    kubectl_get_resource_quota: [],
    kubectl_get_priority_classes: [],
    kubectl_get_autoscaler_info: [],
    kubectl_get_current_context: [],
    kubectl_api_versions: [],
    kubectl_api_resources: [],
    kubectl_rollout_status: ["timeout"],
    kubectl_wait: ["condition", "timeout"],
    kubectl_apply: ["manifest"],
    kubectl_apply_file: [],
    kubectl_delete: [],
    kubectl_patch: ["patch_data"],
    kubectl_label: [],
    kubectl_exec: ["command"],
  },
  "filesystem.tool": {
    filesystem_list_directory: ["path"],
    filesystem_read_file: ["path"],
    filesystem_write_file: ["path", "content"],
    filesystem_find_file: ["name", "root", "limit"],
    filesystem_find_directory: ["name", "root", "limit"],
  },
  "job.transform.prompts": {
    transform_jobspec_expert: ["script", "from_manager", "to_manager", "fmt", "error", "jobspec"],
  },
  "job.validate.prompts": { validate_jobspec_expert: ["script"] },
  "timer.tool": { sleep_timer: ["seconds"] },
  "apps.cli.tool": { get_command_help: ["binary_path", "subcommand", "request_man_page"] },
  "git.tool": {
    git_status: ["path"],
    git_log: ["path", "limit"],
    git_diff: ["path", "staged"],
    git_add: ["path", "files"],
    git_commit: ["path", "message"],
    git_clone: ["url", "path", "branch", "depth"],
    git_clone_tmp: ["url", "branch", "depth"],
    git_init: ["path"],
    git_checkout: ["path", "target", "create_branch"],
  },
  "db.tool": {
    database_create: ["name", "schema", "db_type", "path"],
    database_insert: ["database", "table", "data"],
    database_query: ["database", "sql", "params"],
    database_list_schemas: ["database"],
  },
};

/** What the guide's table says became of each name. */
function fates(): ReadonlyMap<string, string> {
  const table = guide.slice(guide.indexOf("## What became of hpc-mcp"));
  const rows = [...table.matchAll(/^\| (`[^|]*`) *\| *(kept|dropped)\b[^|]*\|/gm)];
  return new Map(
    rows.flatMap(([, names = "", fate = ""]) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name = ""]) => [name, fate] as const),
    ),
  );
}

const all = Object.entries(upstream).flatMap(([module, names]) =>
  Object.entries(names).map(([name, args]) => ({ module, name, args })),
);

describe("[HPC-11] hpc-mcp's names", () => {
  test("each is kept or dropped in the guide's table", () => {
    const known = fates();
    expect(all.filter(({ name }) => !known.has(name)).map(({ name }) => name)).toEqual([]);
  });

  test("what is kept is here, and what is dropped is not", () => {
    const known = fates();
    const names = new Set(Object.keys(api));
    const wrong = all.filter(({ name }) => (known.get(name) === "kept") !== names.has(name));
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  test("arguments keep their names", () => {
    const shapes = new Map(hpcOperations.map(({ name, input }) => [name, Object.keys(input.shape)]));
    const lacking = all.flatMap(({ name, args }) => {
      const shape = shapes.get(name);
      return shape === undefined
        ? []
        : args.filter((arg) => !shape.includes(arg)).map((arg) => `${name}.${arg}`);
    });
    expect(lacking).toEqual([]);
  });

  test("its module paths lead here, those of its older layout too", async () => {
    const cwd = import.meta.dirname;
    const known = fates();
    for (const { module, name } of all.filter(({ name }) => known.get(name) === "kept")) {
      for (const path of [`hpc_mcp.${module}.${name}`, `hpc_mcp.t.${module}.${name}`]) {
        const spec = resolveAlias(path);
        expect(spec).toBe(`@parley/hpc#${name}`);
        const load = module.includes("prompt") ? loadPrompt : loadTool;
        expect((await load(spec, { cwd })).name).toBe(name);
      }
    }
  });
});
