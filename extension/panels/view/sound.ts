// Pulses on a pin: their frequency and duty cycle as text, and those of a buzzer to be heard by who wants it.
import type { Part } from "../board-messages.js";
import { element, named } from "./page.js";
import { type Drawn, updates } from "./part.js";

const quiet = 0.05;

/** A square wave, as a buzzer makes it; silent until it is given a frequency. */
class Tone {
  readonly #context = new AudioContext();
  readonly #oscillator = this.#context.createOscillator();
  readonly #volume = this.#context.createGain();

  constructor() {
    this.#oscillator.type = "square";
    this.#volume.gain.value = 0;
    this.#oscillator.connect(this.#volume).connect(this.#context.destination);
    this.#oscillator.start();
  }

  play(frequency: number): void {
    const audible = frequency >= 20 && frequency <= 20_000;
    if (audible) this.#oscillator.frequency.value = frequency;
    this.#volume.gain.value = audible ? quiet : 0;
  }

  close(): void {
    void this.#context.close();
  }
}

export function drawPulses({ device, sounds }: Part<"pulses">): Drawn {
  const text = element("output", {});
  const listen = element("input", { type: "checkbox" });
  let tone: Tone | undefined;
  let frequency = 0;
  listen.addEventListener("change", () => {
    tone?.close();
    tone = listen.checked ? new Tone() : undefined;
    tone?.play(frequency);
  });
  const node = element(
    "div",
    { className: "pulses" },
    element("span", { className: "name" }, named(device)),
    text,
    sounds ? element("label", {}, listen, "Sound") : null,
  );
  return {
    node,
    update: updates("pulses", part => {
      frequency = part.frequency;
      text.textContent = frequency === 0 ? (sounds ? "silent" : "off") : wave(part);
      node.classList.toggle("active", frequency !== 0);
      tone?.play(frequency);
    }),
  };
}

const wave = ({ frequency, duty }: Part<"pulses">): string =>
  `${frequency.toLocaleString("en-US")} Hz, ${duty} %`;
