#!/usr/bin/env node
import "../dist/resource-secretary.js";
