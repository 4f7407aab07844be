import { expect, test } from "vitest";
import { requireUsableProxy } from "../../src/azure/proxy.ts";

test.each([
  [{}],
  [{ HTTPS_PROXY: "http://proxy.test:3128" }],
  [{ https_proxy: "http://user:word@proxy.test" }],
  [{ https_proxy: "http://user%40x:100%25@proxy.test" }],
  [{ HTTPS_PROXY: "https://proxy.test" }],
  [{ HTTPS_PROXY: "" }],
  [{ HTTPS_PROXY: "http://proxy.test", HTTP_PROXY: "nonsense" }],
])("%o can be used", (env) => {
  expect(() => requireUsableProxy(env)).not.toThrow();
});

test.each([
  ["HTTPS_PROXY", { HTTPS_PROXY: "127.0.0.1:3128" }],
  ["https_proxy", { https_proxy: "localhost:3128" }],
  ["ALL_PROXY", { ALL_PROXY: "socks5://proxy.test" }],
  ["HTTP_PROXY", { HTTP_PROXY: "proxy" }],
  ["HTTPS_PROXY", { HTTPS_PROXY: "http://user:100%@proxy.test" }],
  ["HTTPS_PROXY", { HTTPS_PROXY: "http://us%er:word@proxy.test" }],
])("%s in %o is wrong usage, and its value is not shown", (name, env) => {
  expect(() => requireUsableProxy(env)).toThrow(`${name} is not a URL that can be used`);
});
