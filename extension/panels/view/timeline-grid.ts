// The rows of the Syscalls panel: a grid that draws only what can be seen of a list of any length.
// https://www.w3.org/WAI/ARIA/apg/patterns/grid
import { barOf, durationText, type ListWindow, scrollTo, windowOf } from "../list-window.js";
import type { TimelineBody, TimelineRow } from "../timeline-messages.js";
import { type Child, element, named } from "./page.js";

/** Pixels; media/panel.css has the same. */
const ROW_HEIGHT = 22;

export interface GridOptions {
  /** Rows by index are wanted; they come by `show`. A negative start counts from the end. */
  fetch(start: number, count: number): void;
  /** Enter or a click on a row. */
  open(row: TimelineRow): void;
  /** The user has scrolled away from the end. */
  left(): void;
}

const columns = [
  "Time",
  "Process",
  "Call",
  "Driver",
  "Operation",
  "Arguments",
  "Result",
  "Latency",
];

export class TimelineGrid {
  readonly element: HTMLElement;
  readonly #options: GridOptions;
  readonly #spacer = element("div", { className: "spacer", role: "rowgroup" });
  readonly #viewport = element("div", { className: "viewport", tabIndex: -1 }, this.#spacer);
  #body: TimelineBody | undefined;
  /** The rows that are drawn, by their numbers, and what they were made of. */
  readonly #drawn = new Map<number, { text: string; element: HTMLElement }>();
  /** The window that was asked for last, as text. */
  #asked = "";
  /** The selected row: its index among those that fit, its number once it is known. */
  #selected: { index: number; number: number | undefined } | undefined;
  /** Stay at the end as rows come. */
  follow = true;

  constructor(options: GridOptions) {
    this.#options = options;
    const head = element("div", { className: "row head", role: "row" }, ...columns.map(heading));
    head.ariaRowIndex = "1";
    this.element = element(
      "div",
      { className: "grid", role: "grid", tabIndex: 0 },
      head,
      this.#viewport,
    );
    this.element.ariaLabel = "System calls and upcalls";
    this.element.ariaColCount = String(columns.length);
    this.element.addEventListener("keydown", event => {
      if (this.#key(event.key)) event.preventDefault();
    });
    this.#viewport.addEventListener("scroll", () => this.#scrolled());
    new ResizeObserver(() => this.refresh()).observe(this.#viewport);
  }

  /** Asks anew for the rows that can be seen. */
  refresh(): void {
    this.#asked = "";
    this.#ask();
  }

  /** Another list: the first row of it, or the last ones, are seen. */
  reset(): void {
    this.#selected = undefined;
    if (!this.follow) this.#viewport.scrollTop = 0;
    this.refresh();
  }

  show(body: TimelineBody): void {
    this.#body = body;
    const { total, rows, start } = body;
    this.element.ariaRowCount = String(total + 1);
    this.#spacer.style.height = `${total * ROW_HEIGHT}px`;
    const at = rows.findIndex(row => row.number === this.#selected?.number);
    if (this.#selected !== undefined && at >= 0) this.#selected.index = start + at;
    if (this.follow) this.#viewport.scrollTop = total * ROW_HEIGHT;
    this.#draw();
    this.#ask();
  }

  get #window(): ListWindow {
    const { scrollTop: top, clientHeight: height } = this.#viewport;
    return windowOf({ top, height, rowHeight: ROW_HEIGHT }, this.#body?.total ?? 0);
  }

  #scrolled(): void {
    const { scrollTop, clientHeight, scrollHeight } = this.#viewport;
    if (scrollTop + clientHeight < scrollHeight - ROW_HEIGHT) this.#leave();
    this.#draw();
    this.#ask();
  }

  /** Stays here when more rows come. */
  #leave(): void {
    if (!this.follow) return;
    this.follow = false;
    this.#options.left();
  }

  /** Asks for the rows that can be seen, unless they are here or have been asked for. */
  #ask(): void {
    const { start, count } = this.#window;
    const seen = Math.max(count, Math.ceil(this.#viewport.clientHeight / ROW_HEIGHT));
    const wanted = this.follow ? `-${seen}` : `${start} ${count}`;
    if (wanted === this.#asked) return;
    this.#asked = wanted;
    if (this.follow) this.#options.fetch(-seen, seen);
    else this.#options.fetch(start, count);
  }

  #draw(): void {
    if (this.#body === undefined) return;
    const { start, count } = this.#window;
    const { rows, start: from } = this.#body;
    const drawn = rows
      .map((row, i) => ({ row, index: from + i }))
      .filter(({ index }) => index >= start && index < start + count);
    this.#place(drawn.map(({ row, index }) => this.#row(row, index)));
    const { index } = this.#selected ?? {};
    const selected = drawn.find(row => row.index === index);
    if (this.#selected !== undefined && selected !== undefined)
      this.#selected.number = selected.row.number;
    if (selected === undefined) this.element.removeAttribute("aria-activedescendant");
    else this.element.setAttribute("aria-activedescendant", idOf(selected.row));
  }

  /** Rows that stay are left where they are: one that went between press and release would take no click. */
  #place(rows: readonly HTMLElement[]): void {
    const wanted = new Set<Element>(rows);
    for (const child of [...this.#spacer.children]) if (!wanted.has(child)) child.remove();
    rows.forEach((row, i) => {
      const there = this.#spacer.children[i] ?? null;
      if (there !== row) this.#spacer.insertBefore(row, there);
    });
    for (const number of this.#drawn.keys())
      if (!this.#drawn.get(number)?.element.isConnected) this.#drawn.delete(number);
  }

  #row(row: TimelineRow, index: number): HTMLElement {
    const isSelected = this.#selected?.index === index;
    const text = JSON.stringify(row);
    const before = this.#drawn.get(row.number);
    const made = before?.text === text ? before.element : this.#make(row);
    this.#drawn.set(row.number, { text, element: made });
    made.className = `row ${row.kind}${row.failed ? " failed" : ""}${isSelected ? " selected" : ""}`;
    made.ariaRowIndex = String(index + 2);
    made.ariaSelected = String(isSelected);
    made.style.top = `${index * ROW_HEIGHT}px`;
    return made;
  }

  #make(row: TimelineRow): HTMLElement {
    const made = element("div", { id: idOf(row), role: "row" }, ...cellsOf(row));
    made.addEventListener("click", () => {
      const { rows = [], start = 0 } = this.#body ?? {};
      const at = rows.findIndex(({ number }) => number === row.number);
      if (at < 0) return;
      this.#selected = { index: start + at, number: row.number };
      this.#draw();
      this.#options.open(row);
    });
    return made;
  }

  /** False for a key that does nothing here. */
  #key(key: string): boolean {
    const total = this.#body?.total ?? 0;
    const page = Math.max(1, Math.floor(this.#viewport.clientHeight / ROW_HEIGHT) - 1);
    const now = this.#selected?.index ?? (this.follow ? total : -1);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: now + 1,
      ArrowUp: now - 1,
      PageDown: now + page,
      PageUp: now - page,
      Home: 0,
      End: total - 1,
    };
    const to = moves[key];
    if (to !== undefined && total > 0) this.#select(Math.min(total - 1, Math.max(0, to)));
    const row = this.selected;
    if (key === "Enter" && row !== undefined) this.#options.open(row);
    if (key.toLowerCase() === "l") this.#selectLinked(row);
    return to !== undefined || ["Enter", "l", "L"].includes(key);
  }

  get selected(): TimelineRow | undefined {
    return this.#body?.rows.find(({ number }) => number === this.#selected?.number);
  }

  #select(index: number): void {
    // Else the next rows would take it out of sight.
    this.#leave();
    this.#selected = { index, number: undefined };
    const { scrollTop: top, clientHeight: height } = this.#viewport;
    this.#viewport.scrollTop = scrollTo(index, { top, height, rowHeight: ROW_HEIGHT });
    this.#draw();
    this.#ask();
  }

  /** To the upcall of a command, and back. Only a list of everything tells where that is. */
  #selectLinked(row: TimelineRow | undefined): void {
    const { total = 0, first = 0, end = 0 } = this.#body ?? {};
    if (row?.linked == null || total !== end - first || row.linked < first) return;
    this.#select(row.linked - first);
  }
}

const idOf = ({ number }: TimelineRow): string => `row-${number}`;

function heading(name: string): HTMLElement {
  const made = element(
    "div",
    { className: `cell ${name.toLowerCase()}`, role: "columnheader" },
    name,
  );
  return made;
}

function cell(name: string, ...children: readonly Child[]): HTMLElement {
  return element("div", { className: `cell ${name}`, role: "gridcell" }, ...children);
}

function cellsOf(row: TimelineRow): HTMLElement[] {
  const { process, pid, call, driverName, operation, result, latency } = row;
  const who = cell("process", named(process, 24));
  who.title = `process ID ${pid}`;
  return [
    cell("time", row.seconds.toFixed(6)),
    who,
    cell("call", call),
    cell("driver", named(driverName, 32)),
    cell("operation", named(operation, 32)),
    cell("arguments", named(row.arguments, 80)),
    cell("result", named(result, 48)),
    latency === null ? cell("latency") : latencyCell(latency),
  ];
}

function latencyCell(seconds: number): HTMLElement {
  const bar = element("span", { className: "bar" });
  bar.ariaHidden = "true";
  bar.style.width = `${Math.round(100 * barOf(seconds))}%`;
  return cell("latency", bar, element("span", { className: "figure" }, durationText(seconds)));
}
