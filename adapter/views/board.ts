// The view of the board: what a user sees of its devices and can do to them, as the devices themselves describe it.
import type { Device, Face } from "../../emulator/index.js";
import type { Control } from "../control.js";
import { encodeBase64 } from "../memory.js";
import type { BoardBody, BoardPart } from "./model.js";

/** Characters of an entry's value that are shown: a date, but not what lies in a memory chip. */
const MOST_CHARACTERS = 60;

/** Devices of our own making, which no board has on it; their views are others. */
const HIDDEN = ["processes", "loader"];

export const boardBody = ({ debuggee, board }: Control): BoardBody => ({
  schema: 1,
  view: "board",
  name: board.name,
  parts: [...debuggee.machine.devices.values()]
    .filter(({ name }) => !HIDDEN.includes(name))
    .flatMap(device => partOf(device) ?? []),
});

function partOf(device: Device): BoardPart | undefined {
  const face = device.face?.();
  if (face !== undefined) return { device: device.name, ...drawn(face) };
  if (device.onInput === undefined) return undefined;
  const shown = device.shown?.();
  const text = typeof shown === "string" || typeof shown === "number" ? String(shown) : "";
  return {
    device: device.name,
    kind: "entry",
    takes: device.takes ?? "",
    shown: text.length > MOST_CHARACTERS || text.includes("\n") ? "" : text,
  };
}

function drawn(face: Face) {
  if (face.kind !== "screen") return face;
  const { pixels, ...picture } = face.picture;
  return { kind: face.kind, ...picture, pixels: encodeBase64(pixels) };
}
