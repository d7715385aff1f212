# The server as a job of the cluster it serves: REST and MCP on port 8000 of one node.
#
#   nomad var put nomad/jobs/parley-nomad token=$(openssl rand -hex 24)
#   nomad job run server.nomad.hcl
#
# It speaks to Nomad over the task API, a socket in its own secrets directory, with the token of its workload identity:
# no address and no ACL token are written down. What it may do is what the policies of that identity allow (policy.hcl).

variable "version" {
  type    = string
  default = "0.1.0"
}

variable "toolsets" {
  type    = list(string)
  default = ["jobs", "logs", "configs", "repositories"]
}

job "parley-nomad" {
  datacenters = ["*"]
  type        = "service"

  group "server" {
    count = 1

    network {
      port "http" {
        static = 8000
      }
    }

    service {
      name     = "parley-nomad"
      port     = "http"
      provider = "nomad"

      check {
        type     = "http"
        path     = "/readyz"
        interval = "10s"
        timeout  = "2s"
      }
    }

    ephemeral_disk {
      migrate = true
      sticky  = true
    }

    task "server" {
      driver = "docker"

      # The variable NOMAD_TOKEN holds the token of this identity.
      identity {
        env  = true
        file = false
      }

      config {
        image        = "node:22-slim"
        ports        = ["http"]
        network_mode = "host"
        command      = "npx"
        args = [
          "-y", "@parley/nomad@${var.version}",
          "--rest",
          "--host", "0.0.0.0",
          "--port", "8000",
          "--token-file", "${NOMAD_SECRETS_DIR}/token",
          "--audit-log", "${NOMAD_ALLOC_DIR}/data/audit.jsonl",
          "--rate-limit", "600/min",
        ]
      }

      env {
        NOMAD_ADDR         = "unix://${NOMAD_SECRETS_DIR}/api.sock"
        NOMAD_MCP_TOOLSETS = join(",", var.toolsets)
        NOMAD_CONFIG_DIR   = "${NOMAD_ALLOC_DIR}/data/configs"
        npm_config_cache   = "${NOMAD_TASK_DIR}/npm"
      }

      template {
        destination = "${NOMAD_SECRETS_DIR}/token"
        perms       = "600"
        data        = "{{ with nomadVar \"nomad/jobs/parley-nomad\" }}{{ .token }}{{ end }}"
      }

      resources {
        cpu    = 200
        memory = 256
      }
    }
  }
}
