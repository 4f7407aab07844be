/** Said of a step that is done because nothing had to be. */
export const NOT_NEEDED = "not needed";

/** Said of a step that had to follow another, and whose resource is gone: there is nothing left to put right. */
export const GONE = "not needed: its resource is gone";

/** Said of a step that is done although nobody said so. */
export const TOOK_EFFECT = "the answer was lost; the state shows it took effect";

/** Begins the note of a step that failed before its request left. */
export const NOTHING_SENT = "nothing was sent";

/** Begins the note of a step that failed, and that was then done from where its plan had begun. */
export const FELL_BACK = "done after going back";

/** Codes of failures that a new plan mends, not the rest of this one: of kind "changes". */
export const CHANGED = ["Drifted", "NotReady", "Unclear"] as const;
