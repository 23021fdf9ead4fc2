// The view of the board: what a user sees of its devices and can do to them, as the devices themselves describe it.
import type { Device, Face } from "../../emulator/index.js";
import type { Control } from "../control.js";
import { encodeBase64 } from "../memory.js";
import type { BoardBody, BoardPart } from "./model.js";

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

/** An input without a face is at least a field. What it shows is not asked for: of a memory chip that is all it holds. */
function partOf(device: Device): BoardPart | undefined {
  const { name, takes = "" } = device;
  const face: Face | undefined =
    device.face?.() ?? (device.onInput && { kind: "entry", shown: "" });
  if (face?.kind === "entry") return { device: name, takes, ...face };
  if (face?.kind !== "screen") return face && { device: name, ...face };
  const { pixels, ...picture } = face.picture;
  return { device: name, kind: "screen", ...picture, pixels: encodeBase64(pixels) };
}
