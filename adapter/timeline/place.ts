// Where a process stood at a row: the stack as it was then, unwound with the debug information of today.
import type { Debuggee } from "../debuggee.js";
import { folderOf } from "../files.js";
import type { Program } from "../program.js";
import { sourceOf } from "../stack.js";
import type { Frame, MemoryReader } from "../symbols/model.js";
import type { TimelineFrame, TimelineSourceBody } from "./model.js";
import { type RecordedPlace, type Recording, RowKind } from "./recording.js";

/** Frames that are looked at: a library rarely has more between the app and the kernel. */
const MOST_FRAMES = 24;
const SVC_SIZE = 2;
const [R7, SP, LR, PC] = [7, 13, 14, 15];

export async function sourceOfRow(
  recording: Recording,
  number: number,
  debuggee: Debuggee,
): Promise<TimelineSourceBody> {
  const { kind, name } = recording.row(number);
  const place = recording.place(number);
  const program = place && debuggee.programAt((place.pc & ~1) >>> 0);
  if (place === undefined || program?.app.tbf.header.name !== name) return body([], -1);
  const frames = framesAt(place, kind, program);
  const own = ownFrame(frames, program);
  const { sources } = program.app;
  const shown = frames.map(async ({ name, location }): Promise<TimelineFrame> => {
    if (location === null) return { name, path: null, line: 0, column: 0 };
    const { path } = sourceOf(location.path, await sources.resolve(location.path));
    return { name, path, line: location.line, column: location.column };
  });
  return body(await Promise.all(shown), own);
}

const body = (frames: readonly TimelineFrame[], own: number): TimelineSourceBody => ({
  schema: 1,
  frames,
  own,
});

function framesAt(place: RecordedPlace, kind: RowKind, { unwinder }: Program): readonly Frame[] {
  if (unwinder === undefined) return [];
  const { pc, lr, sp, r7, stack } = place;
  const registers: (number | undefined)[] = new Array(PC + 1).fill(undefined);
  // A call's pc stands behind its `svc`; an upcall's is the function, with the Thumb bit.
  registers[PC] = kind === RowKind.Syscall ? pc - SVC_SIZE : (pc & ~1) >>> 0;
  if (kind === RowKind.Upcall) return unwinder.frames(registers, nothing, 1);
  registers[R7] = r7;
  registers[SP] = sp;
  registers[LR] = lr;
  const memory: MemoryReader = {
    read: (address, length) =>
      address >= sp && address + length <= sp + stack.length
        ? stack.subarray(address - sp, address - sp + length)
        : undefined,
  };
  return unwinder.frames(registers, memory, MOST_FRAMES);
}

const nothing: MemoryReader = { read: () => undefined };

/** The innermost frame whose source lies where that of `main` does, or below; else the innermost that has a source. */
function ownFrame(frames: readonly Frame[], { symbols }: Program): number {
  const main = symbols?.functionsNamed("main").find(({ declaration }) => declaration !== null);
  const folder = main?.declaration && `${folderOf(main.declaration.path)}/`;
  const own = frames.findIndex(({ location }) => folder && location?.path.startsWith(folder));
  return own >= 0 ? own : frames.findIndex(({ location }) => location !== null);
}
