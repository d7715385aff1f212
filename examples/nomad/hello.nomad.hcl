variable "greeting" {
  type    = string
  default = "hello from Nomad"
}

job "hello" {
  datacenters = ["*"]
  type        = "batch"

  group "greeters" {
    restart {
      attempts = 0
      mode     = "fail"
    }

    task "greet" {
      driver = "raw_exec"

      config {
        command = "/bin/echo"
        args    = [var.greeting]
      }

      resources {
        cpu    = 50
        memory = 32
      }
    }
  }
}
