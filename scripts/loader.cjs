"use strict";
// Becomes dist/main.js: loads the chunks beside it through V8's code cache, which the build fills. Parsing and
// compiling the SDKs would otherwise take longer than most verbs. A cache made by another Node is ignored by V8.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { Script } = require("node:vm");

const modules = new Map();
const scripts = new Map();

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
  const filename = join(__dirname, "chunks", name);
  const source = `(function (exports, require, module) {${readFileSync(filename, "utf8")}\n})`;
  const script = new Script(source, { filename, cachedData: readCache(filename) });
  const module = { exports: {} };
  modules.set(name, module);
  scripts.set(filename, script);
  const requireFrom = (id) => (id.startsWith("./") ? load(id.slice(2)) : require(id));
  script.runInThisContext()(module.exports, requireFrom, module);
  return module.exports;
}

exports.start = (process) => load("main.js").start(process);
exports.main = (argv, host) => load("main.js").main(argv, host);
/** Only for the build: the compiled chunks, so that their caches can be written. */
exports.scripts = scripts;
