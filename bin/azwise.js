#!/usr/bin/env node
import { start } from "../dist/main.js";

process.exitCode = await start(process);
// A proxy that never answers would keep the process alive. What was printed goes out first, and its errors are told.
process.stdout.write("", () => process.stderr.write("", () => setImmediate(() => process.exit())));
