import * as z from "zod";
import { writePinnedProfile } from "../../azure/az-account.ts";
import { copyAzFiles, openAzFolder, type PrivateAzFolder } from "../../azure/az-folder.ts";
import { azFolder, requireAbsoluteFolder } from "../../azure/az-profile.ts";
import { signInAz } from "../../azure/az-sign-in.ts";
import type { LoginPort, SignedIn } from "../../azure/login-ports.ts";
import type { Subscription } from "../../azure/ports.ts";
import { readPinned } from "../../azure/subscriptions.ts";
import { targetLine } from "../../azure/target-line.ts";
import type { Context, Env } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { View } from "../../output/view.ts";
import { verb } from "../../verb.ts";
import { runCommand } from "./exec-command.ts";
import { commandEnvironment } from "./exec-environment.ts";
import { findExecTarget, openContext, type ExecTarget } from "./exec-target.ts";

const ExecInput = z.object({ context: z.string().optional(), command: z.array(z.string()) });
type ExecInput = z.infer<typeof ExecInput>;

interface ExecResult {
  exit: number;
}

async function runExec({ context, command }: ExecInput, ctx: Context): Promise<ExecResult> {
  const [program, ...args] = command;
  if (!program) throw nothingToRun();
  const login = await openContext(context, ctx);
  const target = await findExecTarget(login);
  const folder = await openAzFolder();
  try {
    const env = commandEnvironment({ ...target, azFolder: folder.path }, login.env);
    await enter({ login, target, folder: folder.path, env }, ctx);
    // Interrupted until here, the command is not started; from here on signals are the command's.
    ctx.signal.throwIfAborted();
    ctx.progress(undefined);
    const onStart = folder.keepFor;
    return { exit: await runCommand({ program, args, env, cwd: ctx.cwd, onStart }, ctx) };
  } finally {
    await leave(folder, ctx);
  }
}

function nothingToRun(): AppError {
  const hint = "azwise login exec [context] -- <command>";
  return new AppError("usage", "there is no command to run", { hint });
}

interface Entering {
  login: LoginPort;
  target: ExecTarget;
  /** az's own, for this command. */
  folder: string;
  env: Env;
}

/** Proves the sign-in and that the subscription is there, then signs az in as well. */
async function enter(entering: Entering, ctx: Context): Promise<void> {
  const { login, target, folder, env } = entering;
  const { kind, cloud, tenantId, subscriptionId } = target;
  if (kind === "cli") requireAbsoluteFolder(login.env);
  const usersOwn = azFolder(login.env);
  await copyAzFiles(usersOwn, folder, { signIn: kind === "cli" });
  // az itself is asked for the token then, and would write to the folder that it is asked in.
  if (kind === "cli") await writePinnedProfile(usersOwn, folder, target);
  ctx.progress("signing in");
  const signedIn = await login.signIn({ tenantId, azEnv: env });
  const subscription = await readSubscription(signedIn, subscriptionId);
  ctx.say(describeTarget(target, subscription));
  // Again, as the subscription's name is known now.
  if (kind === "cli") return writePinnedProfile(usersOwn, folder, { ...target, subscription });
  const { askAssertion } = signedIn;
  const { signal } = ctx;
  ctx.progress("signing az in");
  const notes = await signInAz({ kind, cloud, tenantId, subscriptionId, folder, env, signal, askAssertion });
  for (const note of notes) ctx.say(`note: ${note}`);
}

async function readSubscription(
  { getSubscription, tenantId }: SignedIn,
  id: string | undefined,
): Promise<Subscription | undefined> {
  return id === undefined ? undefined : readPinned({ get: getSubscription }, { id, tenantId });
}

function describeTarget(target: ExecTarget, subscription: Subscription | undefined): string {
  const { cloud, tenantId, subscriptionId, kind: auth } = target;
  const subscriptionIds = subscriptionId === undefined ? [] : [subscriptionId];
  return targetLine({ cloud: cloud.name, tenantId, subscriptionIds, auth }, subscription?.name);
}

/** The command's exit code counts, also when something is left behind. */
async function leave(folder: PrivateAzFolder, ctx: Context): Promise<void> {
  try {
    await folder.remove();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    ctx.say(`warning: ${error.message}; ${error.hint ?? ""}`);
  }
}

/** The command has written its own output. */
function viewExec({ exit }: ExecResult): View {
  return { data: {}, tables: [], notes: [], silent: true, exit };
}

export const exec = verb({
  name: "exec",
  summary: "Run a command in which every tool sees one identity",
  details: `
Without a context the command runs where any azwise command from here would. Tenant, subscription and identity are
checked first; then it gets AZWISE_*, AZURE_* and ARM_* variables for them, those of another identity are taken
away, and az has a folder of its own (AZURE_CONFIG_DIR), in which it is signed in, for as long as the command runs.
az's extensions stay where they are: set AZURE_EXTENSION_DIR to use them. Signals go to the command, its exit code
comes back, and its output is its own whatever -o says.`,
  examples: [
    "login exec -- terraform plan",
    "login exec prod -- az group list --output table",
    "login exec --tenant <id> --subscription <id> -- ./deploy.sh",
  ],
  args: ["[context]"],
  flags: [],
  passThrough: true,
  input: ExecInput,
  run: runExec,
  view: viewExec,
});
