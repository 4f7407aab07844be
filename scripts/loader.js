// Becomes dist/main.js: loads the chunks beside it through V8's code cache, which the build fills. Parsing and
// compiling the SDKs would otherwise take longer than most verbs. A cache made by another Node is ignored by V8.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";

const folder = fileURLToPath(new URL("chunks/", import.meta.url));
const requireBuiltin = createRequire(import.meta.url);
const modules = new Map();

/** Only for the build: the compiled chunks by file name, so that their caches can be written. */
export const scripts = new Map();

function readCache(filename) {
  try {
    return readFileSync(`${filename}.cache`);
  } catch {
    // Without a cache the chunk is compiled as usual.
    return undefined;
  }
}

function load(name) {
  const known = modules.get(name);
  if (known) return known.exports;
  const filename = folder + name;
  const source = `(function (exports, require, module) {${readFileSync(filename, "utf8")}\n})`;
  const script = new Script(source, { filename, cachedData: readCache(filename) });
  const module = { exports: {} };
  modules.set(name, module);
  scripts.set(filename, script);
  const require = (id) => (id.startsWith("./") ? load(id.slice(2)) : requireBuiltin(id));
  script.runInThisContext()(module.exports, require, module);
  return module.exports;
}

export const start = (process) => load("main.js").start(process);
export const main = (argv, host) => load("main.js").main(argv, host);
export const startDockerCredential = (process) => load("docker-credential.js").start(process);
export const dockerCredential = (argv, host) => load("docker-credential.js").dockerCredential(argv, host);
