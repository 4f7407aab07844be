// Bundles src/ into dist/: one chunk per room and per SDK, so that a verb loads only what it uses.
import { rm } from "node:fs/promises";
import { build } from "esbuild";

await rm("dist", { recursive: true, force: true });
await build({
  entryPoints: ["src/main.ts"],
  outdir: "dist",
  bundle: true,
  splitting: true,
  platform: "node",
  target: "node20",
  format: "esm",
  minify: true,
  keepNames: false,
  sourcemap: false,
  logLevel: "warning",
  // Some dependencies are CommonJS and call require for Node's own modules.
  banner: { js: 'import{createRequire as __cr}from"node:module";const require=__cr(import.meta.url);' },
  define: { "process.env.NODE_ENV": '"production"' },
});
