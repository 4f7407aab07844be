import { AppError } from "../errors.ts";

/** In the order in which the SDK looks for them. */
const NAMES = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"];

/** The SDK would fail over "127.0.0.1:8080" with a stack trace, and send "localhost:8080" nowhere. */
export function requireUsableProxy(env: Readonly<Record<string, string | undefined>>): void {
  const name = NAMES.find((each) => env[each]);
  if (name === undefined) return;
  const url = env[name] ?? "";
  const isUrl = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  if (isUrl && isDecodable(new URL(url))) return;
  throw new AppError("usage", `${name} is not a URL that can be used`, {
    hint: isUrl ? "write % in its user and password as %25" : "write it as http://host:port",
  });
}

/** The SDK decodes both, and fails over a lone "%" with a stack trace. */
function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username);
    decodeURIComponent(password);
    return true;
  } catch {
    return false;
  }
}
