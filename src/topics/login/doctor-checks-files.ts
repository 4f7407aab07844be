import { shellWord } from "../../azure/shell-word.ts";
import type { Env } from "../../context.ts";
import { counted } from "./counted.ts";
import { cannotTell, type Finding } from "./doctor-finding.ts";
import { shortPath, type FileSeen, type Machine, type Seen, type TokenFolder } from "./doctor-machine.ts";

const OTHERS = 0o077;
const OTHERS_ENTER = 0o011;
const OTHERS_WRITE = 0o022;
const MOST_SHOWN = 3;

interface TokensCheck {
  id: string;
  whose: string;
  because: readonly string[];
}

/** Token files that other users of the machine can open. */
export function checkOpenFiles(
  tokens: Seen<TokenFolder | undefined>,
  env: Env,
  { id, whose, because }: TokensCheck,
): Finding[] {
  const title = `whether others can read ${whose} tokens`;
  if ("reason" in tokens) return [cannotTell({ id, title, because }, tokens.reason)];
  if (!tokens.value) return [];
  const { folder, files } = tokens.value;
  const open = canEnter(folder) ? files.filter(isOpen) : [];
  if (open.length === 0) return [];
  return [
    {
      id,
      severity: "error",
      title: `others can read or change ${whose} tokens`,
      evidence: listFiles(open, env),
      command: `chmod go-rwx ${open.map(({ path }) => shellWord(shortPath(path, env))).join(" ")}`,
      because,
    },
  ];
}

/** Files below a folder that others cannot enter are safe, whatever their own mode. */
function canEnter({ mode }: FileSeen): boolean {
  return mode !== undefined && (mode & OTHERS_ENTER) !== 0;
}

function isOpen({ mode }: FileSeen): boolean {
  return mode !== undefined && (mode & OTHERS) !== 0;
}

/** azwise's own tokens and configuration. */
export function checkOwnFiles({ env, ownTokens, config }: Machine): Finding[] {
  return [
    ...checkOpenFiles(ownTokens, env, { id: "tokens-open", whose: "azwise's", because: TOKENS }),
    ...checkForeignTokens(ownTokens, env),
    ...checkConfig(config, env),
  ];
}

const TOKENS = ["sql-token-cache/store-securely"];

function checkForeignTokens(tokens: Seen<TokenFolder | undefined>, env: Env): Finding[] {
  const seen = "value" in tokens ? tokens.value : undefined;
  const foreign = seen ? [seen.folder, ...seen.files].filter(({ isOurs }) => !isOurs) : [];
  if (!seen || foreign.length === 0) return [];
  return [
    {
      id: "tokens-foreign",
      severity: "warning",
      title: "azwise's token cache belongs to another user and is not used",
      evidence: listFiles(foreign, env),
      command: `ls -la ${shellWord(shortPath(seen.folder.path, env))}`,
      because: TOKENS,
    },
  ];
}

function checkConfig(config: Machine["config"], env: Env): Finding[] {
  if ("reason" in config) {
    const title = "which contexts there are";
    return [{ ...cannotTell({ id: "config-broken", title, because: [] }, config.reason), severity: "error" }];
  }
  const { file, dangling } = config.value;
  const findings: Finding[] = [];
  if (file && ((file.mode ?? 0) & OTHERS_WRITE || !file.isOurs)) {
    findings.push({
      id: "config-open",
      severity: "error",
      title: "others can change azwise's configuration, and with it where secrets are sent",
      evidence: listFiles([file], env),
      command: file.isOurs ? `chmod go-w ${shellWord(shortPath(file.path, env))}` : undefined,
      because: [],
    });
  }
  if (dangling !== undefined) {
    findings.push({
      id: "context-missing",
      severity: "warning",
      title: "the active context does not exist",
      evidence: `config.json names "${dangling}"`,
      command: "azwise login contexts",
      because: [],
    });
  }
  return findings;
}

function listFiles(files: readonly FileSeen[], env: Env): string {
  const shown = files.slice(0, MOST_SHOWN).map((file) => `${shortPath(file.path, env)} (${stateOf(file)})`);
  const more = files.length - shown.length;
  return [...shown, ...(more > 0 ? [`${counted(more, "file")} more`] : [])].join(", ");
}

function stateOf({ mode, isOurs }: FileSeen): string {
  const owner = isOurs ? [] : ["of another user"];
  return [...(mode === undefined ? [] : [`mode ${mode.toString(8)}`]), ...owner].join(", ");
}
