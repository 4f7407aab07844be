import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { addVerb } from "../../../src/command.ts";
import { verbs } from "../../../src/topics/acr/room.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** Texts with commands in them: what verbs print of their own, and goldens, where no table breaks a command. */
export function writtenTexts(): string[] {
  const source = textsIn("src/topics/acr", /\.ts$/).map((text) =>
    text.replaceAll(/^\s*(?:\*|\/\/|\/\*).*$/gm, "").replaceAll(/\$\{[^}]*\bname\}/g, "shopregistry"),
  );
  return [...source, ...textsIn("fixtures/golden/acr", /\.(?:json|md|pipe)\.txt$/)];
}

function textsIn(folder: string, wanted: RegExp): string[] {
  const names = readdirSync(join(ROOT, folder)).filter((name) => wanted.test(name));
  return names.map((name) => readFileSync(join(ROOT, folder, name), "utf8"));
}

/** The words after "azwise acr" of each command in a text, as far as the verb takes words. */
export function commandsIn(text: string): string[] {
  const tails = [...text.matchAll(/azwise acr ([^\n\t"`|]+)/g)].map(([, tail = ""]) => tail);
  // A command that is written with "…", or made from values, is not one that can be typed as it is.
  return tails.filter((tail) => !/^[^;)]*(?:…|\$\{)/.test(tail)).map((tail) => wordsOf(tail).join(" "));
}

/** What is to be put in, and what is masked. */
function fill(word: string): string {
  return word
    .replace("<region>", "westeurope")
    .replace(/^N$/, "3")
    .replace(/^\[(--.*)\]$/, "$1")
    .replaceAll("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxx", "5a000000-0000-4000-8000-00000000");
}

function wordsOf(tail: string): string[] {
  const [name = "", ...words] = cut(tail.split(/\s+/));
  const command = commandOf(name);
  const taken: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const option = command.options.find(({ long, short }) => word === long || word === short);
    if (isProse(word)) break;
    taken.push(word);
    if (option?.required === true && words[at + 1] !== undefined) taken.push(words[(at += 1)] ?? "");
  }
  return [name, ...taken];
}

const WORDS = "shopregistry platformimages legacyapp shopimages enable disable add remove out in plan".split(
  " ",
);

/** Whether the sentence goes on with it: registries, files and images of these tests look otherwise. */
function isProse(word: string): boolean {
  return /^[a-z]+$/.test(word) && !WORDS.includes(word);
}

/** Up to where a sign ends the command, or the numbers of its citations follow. */
function cut(words: readonly string[]): string[] {
  const taken: string[] = [];
  for (const each of words) {
    if (/^(?:\[\d+\].*|\(.*|)$/.test(each)) break;
    const word = fill(each.replace(/[;:,.)'\\]+$/, ""));
    if (word !== "") taken.push(word);
    if (/[;:,.)'\\]$/.test(each)) break;
  }
  return taken;
}

function commandOf(name: string): Command {
  const parent = new Command();
  const verb = verbs.find((each) => each.name === name);
  if (verb) addVerb(parent, verb, async () => {});
  return parent.commands[0] ?? parent;
}
