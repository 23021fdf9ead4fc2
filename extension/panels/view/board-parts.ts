// How each kind of part of a board looks, and what the user can do with it: by pointer, keyboard and screen reader.
import type { BoardPart, Kind, Part } from "../board-messages.js";
import { element, named } from "./page.js";
import { type Act, type Drawn, updates } from "./part.js";
import { drawPulses } from "./sound.js";

type Draw<K extends Kind> = (part: Part<K>, act: Act) => Drawn;

const drawLed: Draw<"led"> = ({ device, color }) => {
  const lamp = element("span", { className: "lamp" });
  const node = element("div", { role: "img" }, lamp, named(device));
  return {
    node,
    update: updates("led", ({ lit }) => {
      node.className = `led ${color} ${lit ? "lit" : ""}`;
      node.ariaLabel = `${device} is ${lit ? "on" : "off"}`;
      node.title = node.ariaLabel;
    }),
  };
};

/** Down as long as the pointer or the key is; with Shift until it is pressed again. */
const drawButton: Draw<"button"> = ({ device }, act) => {
  let down = false;
  let held = false;
  const set = (to: boolean) => {
    if (to === down) return;
    down = to;
    act(device, to ? "down" : "up");
  };
  const press = (hold: boolean) => {
    held = hold && !held;
    set(true);
  };
  const release = () => {
    if (!held) set(false);
  };
  const isKey = ({ key }: KeyboardEvent) => key === " " || key === "Enter";
  const node = element("button", { type: "button", className: "key" }, named(device));
  node.title = "Press and release. With Shift it stays down until it is pressed again.";
  node.addEventListener("pointerdown", event => {
    if (event.button !== 0) return;
    node.setPointerCapture(event.pointerId);
    press(event.shiftKey);
  });
  for (const end of ["pointerup", "pointercancel", "blur"] as const)
    node.addEventListener(end, release);
  node.addEventListener("keydown", event => {
    if (!isKey(event)) return;
    event.preventDefault();
    if (!event.repeat) press(event.shiftKey);
  });
  node.addEventListener("keyup", event => {
    if (isKey(event)) release();
  });
  return {
    node,
    update: updates("button", part => {
      node.classList.toggle("down", part.down);
      node.ariaPressed = String(part.down);
    }),
  };
};

const drawPin: Draw<"pin"> = ({ device }, act) => {
  const level = element("span", { className: "level", role: "img" });
  const chosen = element(
    "select",
    { ariaLabel: `What is applied to ${device}` },
    element("option", { value: "open" }, "open"),
    element("option", { value: "1" }, "high"),
    element("option", { value: "0" }, "low"),
  );
  chosen.addEventListener("change", () => act(device, chosen.value));
  const direction = element("span", { className: "direction" });
  return {
    node: element("div", { className: "pin" }, level, named(device), direction, chosen),
    update: updates("pin", ({ high, output, applied }) => {
      level.className = `level ${high ? "high" : ""}`;
      level.ariaLabel = `${device} is ${high ? "high" : "low"}`;
      level.title = level.ariaLabel;
      direction.textContent = output ? "output" : "";
      if (document.activeElement !== chosen) chosen.value = applied;
    }),
  };
};

const SENDS_PER_SECOND = 10;

interface Steady {
  send(value: string): void;
  /** What the board tells now may be older than what the user has set. */
  isBusy(): boolean;
}

/** Sends a value at once, and of those that follow quickly the last. */
function steadied(send: (value: string) => void): Steady {
  let waiting: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const next = () => {
    timer = undefined;
    if (waiting !== undefined) now(waiting);
  };
  const now = (value: string) => {
    waiting = undefined;
    send(value);
    timer = setTimeout(next, 1000 / SENDS_PER_SECOND);
  };
  return {
    send: value => {
      if (timer === undefined) now(value);
      else waiting = value;
    },
    isBusy: () => timer !== undefined,
  };
}

/** A round number that makes a slider of a few hundred steps. */
function stepOf([low, high]: readonly [number, number]): number {
  const most = (high - low) / 200;
  const power = 10 ** Math.floor(Math.log10(most));
  return power * ([5, 2].find(factor => factor * power <= most) ?? 1);
}

/** Without what a step of the slider cannot tell. */
const shortNumber = (value: number): string => String(Number(value.toPrecision(6)));

/** What an output of the board shows. */
const drawNumber: Draw<"quantity"> = ({ device, unit }) => {
  const output = element("output", {});
  return {
    node: element(
      "div",
      { className: "pulses active" },
      named(device),
      output,
      element("span", { className: "unit" }, unit),
    ),
    update: updates("quantity", ({ values }) => {
      output.textContent = values.map(shortNumber).join(", ");
    }),
  };
};

/** What the board measures: a slider and a field per axis, all of which are sent together. */
const drawSliders: Draw<"quantity"> = ({ device, unit, range, axes }, act) => {
  const step = stepOf(range);
  const steady = steadied(value => act(device, value));
  const rows = axes.map(axis => {
    const name = axis === "" ? device : `${device} ${axis}`;
    const common = { min: String(range[0]), max: String(range[1]) };
    const slider = element("input", { type: "range", ...common, step: String(step) });
    slider.ariaLabel = `${name} in ${unit}`;
    const exact = element("input", { type: "number", ...common, step: "any" });
    exact.ariaLabel = `${name} in ${unit}, exactly`;
    return { axis, slider, exact };
  });
  const sendAll = () => steady.send(rows.map(({ exact }) => exact.value).join());
  for (const { slider, exact } of rows) {
    slider.addEventListener("input", () => {
      exact.value = slider.value;
      sendAll();
    });
    // Half a number is none yet.
    exact.addEventListener("change", sendAll);
  }
  const node = element(
    "div",
    { className: "quantity", role: "group", ariaLabel: `${device}, ${unit}` },
    element(
      "div",
      { className: "name" },
      named(device),
      element("span", { className: "unit" }, unit),
    ),
    ...rows.map(({ axis, slider, exact }) =>
      element(
        "div",
        { className: "axis" },
        axis === "" ? null : element("span", { className: "axis-name" }, axis),
        slider,
        exact,
      ),
    ),
  );
  return {
    node,
    update: updates("quantity", ({ values }) => {
      for (const [index, { slider, exact }] of rows.entries()) {
        const text = shortNumber(values[index] ?? 0);
        slider.ariaValueText = `${text} ${unit}`;
        // What the user is about to set stays under his hand, on a pointer or on keys.
        if (steady.isBusy() || slider.matches(":active")) continue;
        slider.value = text;
        if (document.activeElement !== exact) exact.value = text;
      }
    }),
  };
};

const drawText: Draw<"text"> = ({ device, lines }) => {
  const text = element("pre", {
    tabIndex: 0,
    className: lines === undefined ? "paper" : "display",
  });
  text.ariaLabel = device;
  return {
    node: element(
      "div",
      { className: "text" },
      element("div", { className: "name" }, named(device)),
      text,
    ),
    update: updates("text", part => {
      if (text.textContent === part.text) return;
      text.textContent = part.text;
      text.scrollTop = text.scrollHeight;
    }),
  };
};

/** A field whose text goes to the device as a whole. */
function field(device: string, verb: string, hint: string, send: (text: string) => void) {
  const input = element("input", {
    type: "text",
    placeholder: hint,
    ariaLabel: `${device}: ${hint}`,
  });
  input.title = hint;
  const go = element("button", { type: "submit", className: "secondary" }, verb);
  const form = element(
    "form",
    { className: "entry" },
    element("label", { className: "name" }, named(device)),
    element("div", { className: "field" }, input, go),
  );
  form.addEventListener("submit", event => {
    event.preventDefault();
    send(input.value);
  });
  return { form, input };
}

const drawTerminal: Draw<"terminal"> = ({ device }, act) => {
  const { form, input } = field(device, "Send", "a line of text", text => {
    act(device, `${text}\n`);
    input.value = "";
  });
  return { node: form, update: () => {} };
};

const drawEntry: Draw<"entry"> = ({ device, takes }, act) => {
  const { form, input } = field(device, "Set", takes, text => act(device, text));
  return {
    node: form,
    update: updates("entry", ({ shown }) => {
      if (document.activeElement !== input && shown !== "") input.value = shown;
    }),
  };
};

const drawTouch: Draw<"touch"> = ({ device }, act) => ({
  node: field(device, "Touch", "press 10 20, move 15 20 or release", text => act(device, text))
    .form,
  update: () => {},
});

const all = {
  led: drawLed,
  button: drawButton,
  pin: drawPin,
  quantity: (part, act) => (part.settable ? drawSliders : drawNumber)(part, act),
  pulses: drawPulses,
  text: drawText,
  touch: drawTouch,
  terminal: drawTerminal,
  entry: drawEntry,
} satisfies { readonly [K in Exclude<Kind, "screen">]: Draw<K> };

export function draw(part: Exclude<BoardPart, { kind: "screen" }>, act: Act): Drawn {
  // The table gives each kind its own function, which the compiler cannot follow through the lookup.
  const drawKind = all[part.kind] as (part: BoardPart, act: Act) => Drawn;
  return drawKind(part, act);
}
