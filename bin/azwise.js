#!/usr/bin/env node
import { start } from "../dist/main.js";

process.exitCode = await start(process);
// Stopped by a signal: a proxy that never answers would keep the process alive. What was printed goes out first.
if (process.exitCode > 128) process.stdout.write("", () => process.exit());
