#!/usr/bin/env node
require("../dist/parley-cli.cjs");
