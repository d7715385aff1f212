# What the server may do, given to the identity of its own job and to nothing else:
#
#   nomad acl policy apply -job parley-nomad parley-nomad policy.hcl
namespace "default" {
  policy       = "read"
  capabilities = ["submit-job", "dispatch-job", "scale-job", "read-logs", "read-fs", "alloc-lifecycle"]
}

node {
  policy = "read"
}
