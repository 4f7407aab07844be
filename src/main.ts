import { Command, CommanderError } from "commander";
import { addVerb, describeVerb, exitOfCommander, splitGlobals } from "./command.ts";
import type { Host } from "./context.ts";
import { AppError, EXIT } from "./errors.ts";
import { createHost } from "./host.ts";
import { version } from "./version.ts";
import type { Verb } from "./verb.ts";

interface RoomEntry {
  name: string;
  summary: string;
  /** `own` is what the noun alone does, where it does something. */
  load: () => Promise<{ verbs: readonly Verb[]; own?: Verb }>;
}

/** Every noun a user can type. A room is loaded only when its name is on the command line. */
const ROOMS: readonly RoomEntry[] = [
  {
    name: "odcr",
    summary: "Capacity reservations: attach, resize, detach, audit, report",
    load: () => import("./topics/odcr/room.ts"),
  },
  {
    name: "acr",
    summary: "Geo-replicated registries: topology, hosts, traffic",
    load: () => import("./topics/acr/room.ts"),
  },
  {
    name: "kql",
    summary: "Failure queries for workspaces, with what their rows mean",
    load: () => import("./topics/kql/room.ts"),
  },
  {
    name: "login",
    summary: "Sign in to one tenant and subscription; contexts, pins, doctor",
    load: () => import("./topics/login/room.ts"),
  },
  {
    name: "runs",
    summary: "Journals of applied plans: list, show, resume",
    load: () => import("./topics/runs/room.ts"),
  },
  {
    name: "docs",
    summary: "The facts behind every step, and the articles they come from",
    load: () => import("./topics/docs/room.ts"),
  },
  {
    name: "sandbox",
    summary: "An Azure inside the process, for rehearsal (--cloud sandbox)",
    load: () => import("./topics/sandbox/room.ts"),
  },
];

const EXIT_HELP = `
Exit codes:
  0  done, clean               4  sign-in needed, or wrong tenant, subscription or identity
  1  failed                    5  declined
  2  usage                     6  partial: some steps done, or data truncated
  3  findings or changes       7  timed out            130  interrupted`;

/** What only asks azwise about itself. */
const INFORMING = new Set(["--help", "-h", "--version"]);

/** Runs one command line; everything it prints goes through the host. Returns the process's exit code. */
export async function main(argv: readonly string[], host: Host): Promise<number> {
  try {
    const [first, ...rest] = argv;
    const asksHelp = first === "help" && rest.length > 0;
    if (first !== "help" && !beforeDashes(argv).some((word) => INFORMING.has(word))) {
      await (await import("./tell-owed.ts")).tellWhatIsOwed(argv, host);
    }
    return await runProgram(asksHelp ? [...rest, "--help"] : argv, host);
  } catch (error) {
    const { reportError } = await import("./report-error.ts");
    reportError(error, host, { color: !argv.includes("--no-color") });
    return error instanceof AppError ? EXIT[error.kind] : EXIT.failed;
  }
}

async function runProgram(argv: readonly string[], host: Host): Promise<number> {
  let exit: number = EXIT.ok;
  let own = argv;
  let path = argv[0] === "apply" ? "azwise apply" : "azwise";
  const act =
    (verb: Verb) =>
    async (values: Record<string, unknown>): Promise<void> => {
      const { runVerb } = await import("./run.ts");
      const { globals, input } = splitGlobals(values);
      const passed = verb.passThrough ? { command: argv.slice(own.length + 1) } : {};
      const command = commandLine(argv);
      exit = await runVerb({ verb, globals, input: { ...input, ...passed }, host, command, path });
    };
  const program = createProgram(host);
  for (const room of ROOMS) {
    const verbs = await addRoom(program, room, { argv, act });
    const chosen = verbs.find(({ name }) => name === argv[1]);
    if (chosen?.passThrough) own = beforeDashes(argv);
    if (room.name === argv[0]) path = ["azwise", room.name, ...(chosen ? [chosen.name] : [])].join(" ");
  }
  await addApply(program, { argv, act });
  try {
    await program.parseAsync([...own], { from: "user" });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return exitOfCommander(error, path);
    throw error;
  }
}

function createProgram(host: Host): Command {
  const program = new Command("azwise")
    .description(
      "Azure operations that read, plan, apply, verify, and cite the documentation behind every step.",
    )
    .version(version, "--version", "print the version")
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false, minWidthToWrap: 30 })
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
      // Errors are printed once, by main.
      outputError: () => {},
      getOutHelpWidth: () => host.stdout.columns ?? 80,
      getErrHelpWidth: () => host.stderr.columns ?? 80,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  return program.addHelpText("after", EXIT_HELP);
}

interface Adding {
  argv: readonly string[];
  act: (verb: Verb) => (values: Record<string, unknown>) => Promise<void>;
}

/** Returns the room's verbs when its name was typed. */
async function addRoom(program: Command, room: RoomEntry, { argv, act }: Adding): Promise<readonly Verb[]> {
  const command = program.command(room.name).summary(room.summary).description(room.summary);
  if (argv[0] !== room.name) return [];
  const { verbs, own } = await room.load();
  const isOwn = own !== undefined && (argv[1] === undefined || argv[1].startsWith("-"));
  if (isOwn) describeVerb(command, own, act(own));
  // A verb behind the noun's own flags would run without them, so it is only there to be listed.
  const isListed = !isOwn || argv.some((word) => word === "--help" || word === "-h");
  if (isListed) for (const verb of verbs) addVerb(command, verb, act(verb));
  return verbs;
}

/** A saved plan belongs to no room, so running one is a word of its own. */
async function addApply(program: Command, { argv, act }: Adding): Promise<void> {
  if (argv[0] !== "apply") {
    program.command("apply").summary("Run a saved plan").argument("<file>");
    return;
  }
  const { apply } = await import("./topics/runs/room.ts");
  addVerb(program, apply, act(apply));
}

/** What follows the first `--` is for another command and must not be parsed as ours. */
function beforeDashes(argv: readonly string[]): readonly string[] {
  const dashes = argv.indexOf("--");
  return dashes < 0 ? argv : argv.slice(0, dashes);
}

/** As typed, quoted where a shell would need it, so that it can be pasted back. */
function commandLine(argv: readonly string[]): string {
  const words = argv.map((word) =>
    /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`,
  );
  return ["azwise", ...words].join(" ");
}

/** The process as a Host; called by bin only. */
export async function start(process: NodeJS.Process): Promise<number> {
  const argv = process.argv.slice(2);
  if (argv.length === 1 && argv[0] === "--version") {
    process.stdout.write(`${version}\n`);
    return EXIT.ok;
  }
  try {
    return await main(argv, createHost(process));
  } finally {
    // A read that was given up must not keep the process alive.
    process.stdin.destroy();
  }
}
