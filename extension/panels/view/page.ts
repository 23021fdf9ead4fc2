// What every webview of ours stands on: elements made without HTML, checked messages, and state that outlives a hidden tab.
// https://code.visualstudio.com/api/extension-guides/webview
import type { Check } from "../check.js";
import { type Readable, readable } from "../text.js";

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The host, which VS Code gives out once. */
export interface Host<From> {
  send(message: From): void;
  /** What VS Code keeps for the panel while it is hidden and over a restart of the window. */
  keep(state: unknown): void;
  kept(): unknown;
}

/** Connects to the host; a message that does not pass `check` is dropped. */
export function connect<To, From>(check: Check<To>, receive: (message: To) => void): Host<From> {
  const api = acquireVsCodeApi();
  window.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (check(data)) receive(data);
  });
  return {
    send: message => api.postMessage(message),
    keep: state => api.setState(state),
    kept: () => api.getState(),
  };
}

type Properties<K extends keyof HTMLElementTagNameMap> = Partial<
  Omit<HTMLElementTagNameMap[K], "innerHTML" | "outerHTML" | "style">
>;
export type Child = Node | string | null;

const sentenceLimit = 600;

/** An element with its properties and children; strings become text that is harmless to read, `null` nothing. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties<K> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(tag), properties);
  if (made.title !== "") made.title = readable(made.title, sentenceLimit).text;
  for (const child of children) if (child !== null) made.append(harmless(child));
  return made;
}

function harmless(child: Node | string): Node | string {
  if (typeof child !== "string") return child;
  return child.length > sentenceLimit
    ? named(child, sentenceLimit)
    : readable(child, sentenceLimit).text;
}

/** Text that may come from a binary: cut, with the rest in the tooltip. */
export function named(text: string, limit?: number): HTMLSpanElement {
  const { text: shown, title }: Readable = readable(text, limit);
  const made = element("span", {}, shown);
  made.title = title;
  return made;
}

/** A sentence in which code stands in backquotes, as in Markdown. */
export const prose = (text: string): Node[] =>
  readable(text, sentenceLimit)
    .text.split("`")
    .map((part, index) => element(index % 2 === 1 ? "code" : "span", {}, part));

export const button = (text: string, onclick: () => void, className = ""): HTMLButtonElement =>
  element("button", { type: "button", className, onclick }, text);

const secondsSaid = 6;
let silence: ReturnType<typeof setTimeout> | undefined;

/** Tells how an action ended. Emptied first, so that the same sentence is read out again. */
export function say(text: string): void {
  const status = document.getElementById("status") as HTMLElement;
  const set = (words: string) => {
    status.textContent = readable(words, sentenceLimit).text;
  };
  set("");
  requestAnimationFrame(() => set(text));
  clearTimeout(silence);
  silence = setTimeout(set, secondsSaid * 1000, "");
}

/** A table with a header row; the first cell of each row is its header. */
export function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Child[])[],
): HTMLTableElement {
  return element(
    "table",
    {},
    element("caption", {}, caption),
    element(
      "thead",
      {},
      element("tr", {}, ...head.map(name => element("th", { scope: "col" }, name))),
    ),
    element(
      "tbody",
      {},
      ...rows.map(([first, ...rest]) =>
        element(
          "tr",
          {},
          element("th", { scope: "row" }, first ?? ""),
          ...rest.map(cell => element("td", {}, cell)),
        ),
      ),
    ),
  );
}

/** A part of the page under a heading. */
export function section(title: string, ...children: readonly Child[]): HTMLElement {
  const heading = element(
    "h2",
    { id: `section-${title.replace(/\W+/g, "-").toLowerCase()}` },
    title,
  );
  const made = element("section", {}, heading, ...children);
  made.setAttribute("aria-labelledby", heading.id);
  return made;
}
