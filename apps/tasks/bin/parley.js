#!/usr/bin/env node
import "../dist/parley-cli.cjs";
