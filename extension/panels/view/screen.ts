// A screen of the board as a canvas, pixel by pixel, and the touch panel over it, if it has one.
import type { Part } from "../board-messages.js";
import { element, named } from "./page.js";
import { type Act, type Drawn, updates } from "./part.js";

/** Of 0 to 65,535. A screen that is dimmed can still be read. */
const opacity = (brightness: number): string => String(0.3 + 0.7 * (brightness / 0xffff));

export function drawScreen(
  { device, width, height }: Part<"screen">,
  touch: string | undefined,
  act: Act,
): Drawn {
  const canvas = element("canvas", { width, height, role: "img" });
  const caption = element("span", { className: "unit" });
  if (touch !== undefined)
    touchable(canvas, (verb, x, y) => act(touch, `${verb} ${x} ${y}`.trim()));
  const node = element(
    "div",
    { className: "screen" },
    element("div", { className: "name" }, named(device), caption),
    canvas,
  );
  let before = "";
  return {
    node,
    update: updates("screen", part => {
      const lit = part.pixels === before ? undefined : paint(canvas, part);
      before = part.pixels;
      canvas.style.opacity = part.on ? opacity(part.brightness) : "1";
      caption.textContent = `${width} × ${height}${part.on ? "" : ", off"}`;
      if (lit !== undefined)
        canvas.ariaLabel = part.on
          ? `${device}, ${lit.toLocaleString("en-US")} of ${width * height} pixels are lit`
          : `${device} is off`;
    }),
  };
}

/** Draws the pixels; how many of them are not black. */
function paint(canvas: HTMLCanvasElement, { width, height, pixels }: Part<"screen">): number {
  const bytes = atob(pixels);
  const image = new ImageData(width, height);
  let lit = 0;
  for (let pixel = 0; pixel < width * height; pixel++) {
    let sum = 0;
    for (let channel = 0; channel < 3; channel++) {
      const value = bytes.charCodeAt(3 * pixel + channel);
      image.data[4 * pixel + channel] = value;
      sum += value;
    }
    image.data[4 * pixel + 3] = 255;
    if (sum > 0) lit++;
  }
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return lit;
}

/** One finger: where it is in pixels of the screen. */
function touchable(
  canvas: HTMLCanvasElement,
  tell: (verb: string, x: number | "", y: number | "") => void,
): void {
  let last = "";
  const at = (event: PointerEvent, verb: string) => {
    const { width, height, clientWidth, clientHeight } = canvas;
    const inside = (value: number, size: number) =>
      Math.max(0, Math.min(size - 1, Math.floor(value)));
    const x = inside((event.offsetX / clientWidth) * width, width);
    const y = inside((event.offsetY / clientHeight) * height, height);
    if (last !== `${x} ${y}`) tell(verb, x, y);
    last = `${x} ${y}`;
  };
  canvas.classList.add("touchable");
  canvas.addEventListener("pointerdown", event => {
    canvas.setPointerCapture(event.pointerId);
    last = "";
    at(event, "press");
  });
  canvas.addEventListener("pointermove", event => {
    if (canvas.hasPointerCapture(event.pointerId)) at(event, "move");
  });
  for (const end of ["pointerup", "pointercancel"] as const)
    canvas.addEventListener(end, () => tell("release", "", ""));
}
