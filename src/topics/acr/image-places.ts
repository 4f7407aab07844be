import { AppError } from "../../errors.ts";
import { splice, type PinChange } from "./pin-plan.ts";
import type { Place } from "./place.ts";
import { templatePlaces } from "./template-places.ts";
import { yamlPlaces } from "./yaml-places.ts";

interface NamedText {
  name: string;
  text: string;
}

/** The scalars of a file: as YAML, or line by line where it is a template. Throws AppError "usage" for neither. */
export async function readPlaces({ name, text }: NamedText): Promise<readonly Place[]> {
  const read = await placesIn(text);
  if ("places" in read) return read.places;
  throw new AppError("usage", `${name} cannot be read as YAML: ${read.refused}; no file was changed`, {
    hint: "correct it, or leave it out",
  });
}

async function placesIn(text: string): ReturnType<typeof yamlPlaces> {
  const read = await yamlPlaces(text);
  return "refused" in read && text.includes("{{") ? { places: templatePlaces(text) } : read;
}

/** Throws AppError "failed" unless the changes make exactly the difference that they are meant to. */
export async function requireSameBut(file: NamedText, changes: readonly PinChange[]): Promise<void> {
  if (changes.length === 0) return;
  const text = splice(
    file.text,
    changes.map(({ edit }) => edit),
  );
  const [before, read] = await Promise.all([readPlaces(file), placesIn(text)]);
  // The longer host may even make it no YAML any more: a key has a greatest length.
  const after = "places" in read ? read.places : [];
  const wanted = new Map(changes.map(({ edit, to }) => [edit.at, to]));
  const isSame = before.every(({ at, value }, index) => after[index]?.value === (wanted.get(at) ?? value));
  const met = before.filter(({ at }) => wanted.has(at)).length;
  if (isSame && before.length === after.length && met === changes.length) return;
  throw new AppError(
    "failed",
    `${file.name} would read differently in another place, too; no file was changed`,
    {
      hint: "pin it by hand, and report this file",
    },
  );
}
