// The Board view's page: what a user sees and touches of the board, as its description says. A part is drawn once and then
// kept up to date, so that focus, a held button and a slider under the finger stay.
import { type BoardPart, type FromBoardView, isToBoardView, type Kind } from "../board-messages.js";
import { draw } from "./board-parts.js";
import { connect, element, say, section } from "./page.js";
import type { Act, Drawn } from "./part.js";
import { drawScreen } from "./screen.js";

const main = document.getElementById("main") as HTMLElement;
const host = connect<unknown, FromBoardView>(isToBoardView, message => {
  if (!isToBoardView(message)) return;
  if (message.type === "say") say(message.text);
  else if (message.type === "empty") empty(message.text);
  else show(message.board.name, message.board.parts);
});

const act: Act = (device, value) => host.send({ type: "input", device, value });

/** What stands on the page; it is drawn anew when the board has other parts. */
let drawn: { shape: string; parts: ReadonlyMap<string, Drawn> } | undefined;

host.send({ type: "ready" });

function empty(text: string): void {
  drawn = undefined;
  main.replaceChildren(element("p", { className: "empty" }, text));
}

function show(name: string, parts: readonly BoardPart[]): void {
  const shape = JSON.stringify([name, ...parts.map(shapeOf)]);
  if (drawn?.shape !== shape) drawn = { shape, parts: drawAll(parts) };
  for (const part of parts) drawn.parts.get(part.device)?.update(part);
}

/** What of a part never changes. */
function shapeOf(part: BoardPart): unknown {
  if (part.kind === "quantity") return [part.device, part.kind, part.range, part.axes];
  if (part.kind === "screen") return [part.device, part.kind, part.width, part.height];
  return [part.device, part.kind];
}

interface Group {
  title: string;
  has(part: BoardPart): boolean;
  /** Closed until the user opens it. */
  closed?: boolean;
}

const kinds =
  (...wanted: readonly Kind[]) =>
  ({ kind }: BoardPart) =>
    wanted.includes(kind);

/** In the order of the page. */
const groups: readonly Group[] = [
  { title: "LEDs", has: kinds("led") },
  { title: "Buttons", has: kinds("button") },
  { title: "Screens", has: kinds("screen") },
  { title: "Texts", has: kinds("text") },
  { title: "Sensors and voltages", has: part => part.kind === "quantity" && part.settable },
  {
    title: "Outputs",
    has: part => part.kind === "pulses" || (part.kind === "quantity" && !part.settable),
  },
  { title: "Terminals", has: kinds("terminal") },
  { title: "Pins", has: kinds("pin"), closed: true },
  { title: "Other inputs", has: kinds("entry", "touch"), closed: true },
];

function drawAll(parts: readonly BoardPart[]): Map<string, Drawn> {
  const all = new Map<string, Drawn>();
  const touch = parts.find(({ kind }) => kind === "touch")?.device;
  for (const part of parts)
    all.set(part.device, part.kind === "screen" ? drawScreen(part, touch, act) : draw(part, act));
  const sections = groups.flatMap(({ title, has, closed }) => {
    const here = parts.filter(has);
    const [first] = here;
    if (first === undefined) return [];
    const nodes = here.map(({ device }) => (all.get(device) as Drawn).node);
    const box = element("div", { className: `parts ${first.kind}` }, ...nodes);
    if (first.kind === "led" && first.columns !== undefined) {
      box.classList.add("matrix");
      box.style.gridTemplateColumns = `repeat(${first.columns}, max-content)`;
    }
    return closed
      ? element("details", {}, element("summary", {}, `${title} (${here.length})`), box)
      : section(title, box);
  });
  main.replaceChildren(...sections);
  return all;
}
