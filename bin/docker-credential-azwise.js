#!/usr/bin/env node
import { startDockerCredential } from "../dist/main.js";

process.exitCode = await startDockerCredential(process);
// As in azwise.js.
process.stdout.write("", () => process.stderr.write("", () => setImmediate(() => process.exit())));
