#!/usr/bin/env node
require("../dist/resource-secretary.cjs");
