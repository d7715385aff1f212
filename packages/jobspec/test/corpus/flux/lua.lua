#!/usr/bin/lua
--
-- flux: -N1 --exclusive
-- flux: --output=job.out
-- flux: --requires="host:n[1-2] -host:n9"
local app = require 'app'
app.run()
