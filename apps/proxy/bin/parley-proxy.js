#!/usr/bin/env node
require("../dist/parley-proxy.cjs");
