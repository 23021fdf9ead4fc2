// Source files of what is debugged: all of them, the one of an address, and the lines of one that have code.
import type { Debuggee } from "./debuggee.js";
import { type StackSource, sourceOf } from "./stack.js";
import type { Subject } from "./subject.js";
import type { SourceLocation } from "./symbols/model.js";

/** Every source file of every app, once. */
export async function sourcesOf(subject: Pick<Subject, "programs">): Promise<StackSource[]> {
  const found = new Map<string, StackSource>();
  for (const program of subject.programs) {
    for (const path of program?.symbols?.files ?? []) {
      const source = sourceOf(path, await program?.app.sources.resolve(path));
      found.set(source.path, source);
    }
  }
  return [...found.values()];
}

/** The source of code at `address`. */
export async function sourceAt(
  subject: Subject,
  address: number,
  { path }: SourceLocation,
): Promise<StackSource> {
  const app = subject.programAt(address)?.app;
  return sourceOf(path, await app?.sources.resolve(path));
}

/** Lines of a source, `first` to `last`, that have code of their own. */
export async function codeLines(
  debuggee: Debuggee,
  path: string,
  first: number,
  last: number,
): Promise<number[]> {
  await debuggee.prepareSource(path);
  const lines: number[] = [];
  for (let line = first; line <= last; line++) {
    const found = debuggee.bindLine(path, line)?.line;
    if (found === undefined || found > last) break;
    if (found >= line) lines.push(found);
    line = Math.max(line, found);
  }
  return lines;
}
