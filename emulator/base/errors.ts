// A mistake of the user or of a file is a value with one clear sentence; see also house rule "three kinds of errors".

/** What a user can mend: one sentence that names the file, the place in it, and what was expected. */
export class UserError extends Error {
  override readonly name = "UserError";
}
