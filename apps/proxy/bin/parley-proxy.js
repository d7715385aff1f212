#!/usr/bin/env node
import "../dist/parley-proxy.js";
