// The picture of a process's memory: parts to scale, regions of the MPU or PMP beside them, and arrows to the fault and the stack.
// For a screen reader the same stands in a table.
import type { CrashProcess, CrashRange, CrashSegment, Explanation } from "../crash-messages.js";
import { columns, layOut, type MemoryLayout, place, spread } from "../memory-layout.js";
import { bytes, hex, roundSize } from "../text.js";
import { element, section, table } from "./page.js";

/** A single address that the picture points at. */
interface Mark {
  address: number;
  kind: "fault" | "stack-pointer" | "high-water" | "program-counter";
  name: string;
  text: string;
}

const labelHeight = 34;
const rangeLabelHeight = 18;
const addressHeight = 16;

export const names: Readonly<Record<CrashSegment["kind"], string>> = {
  "stack-free": "Free stack",
  stack: "Stack",
  data: "Data",
  heap: "Heap",
  unused: "Unused",
  grants: "Grants",
  kernel: "Kernel's own",
  "app-flash": "App",
  "protected-flash": "TBF header",
};

type Rights = Pick<CrashRange, "read" | "write" | "execute">;

export const rights = ({ read, write, execute }: Rights): string =>
  `${read ? "r" : "-"}${write ? "w" : "-"}${execute ? "x" : "-"}`;

export const rightsInWords = ({ read, write, execute }: Rights): string =>
  [read && "read", write && "write", execute && "execute"].filter(Boolean).join(", ") || "nothing";

/** The memory of a process; `access` is that of the fault, if it was this process's. */
export function memorySection(
  process: CrashProcess,
  access: Explanation["access"],
  unit: "MPU" | "PMP",
): HTMLElement {
  const { segments, ranges } = process;
  if (segments.length === 0 && ranges.length === 0)
    return section("Memory", element("p", {}, "Where the process's memory lies is not known."));
  const marks = marksOf(process, access);
  const layout = layOut(
    segments,
    ranges,
    marks.map(({ address }) => address),
  );
  const picture = element("div", {
    className: "memory",
    role: "img",
    ariaLabel: `Memory of the process to scale. ${marks.map(({ text }) => text).join(" ")} The table below holds the same.`,
  });
  picture.style.height = `${layout.height}px`;
  picture.append(
    marksColumn(marks, layout),
    strips(segments, marks, layout),
    addresses(layout),
    ...rangesColumns(ranges, layout, unit),
  );
  return section(
    "Memory",
    element("div", { className: "scroll" }, picture),
    legend(layout, ranges, unit),
    element(
      "details",
      {},
      element("summary", {}, "Memory as a table"),
      memoryTable(process, marks, unit),
    ),
  );
}

function marksOf({ segments, registers }: CrashProcess, access: Explanation["access"]): Mark[] {
  const register = (...wanted: string[]) =>
    registers.find(({ name }) => wanted.includes(name.toLowerCase()))?.value ?? null;
  const marks: Mark[] = [];
  const mark = (kind: Mark["kind"], name: string, address: number | null, text: string) => {
    if (address !== null) marks.push({ kind, name, address, text: `${text} ${hex(address)}.` });
  };
  if (access !== null) {
    const size = access.size === null ? "" : ` of ${bytes(access.size)}`;
    mark(
      "fault",
      `Fault: ${access.kind}`,
      access.address,
      `The fault was ${access.kind === "access" ? "an" : "a"} ${access.kind}${size} at`,
    );
  }
  const free = segments.find(({ kind }) => kind === "stack-free");
  if (free !== undefined)
    mark("high-water", "High-water", free.high, "The stack's high-water mark is");
  mark("stack-pointer", "Stack pointer", register("sp", "x2", "psp"), "The stack pointer is");
  mark("program-counter", "Program counter", register("pc"), "The program counter is");
  return marks;
}

function strips(
  segments: readonly CrashSegment[],
  marks: readonly Mark[],
  layout: MemoryLayout,
): HTMLElement {
  const bar = element("div", { className: "bar" });
  for (const { part, scale, low, high, top, height } of layout.strips) {
    const segment = part === null ? undefined : segments[part];
    const size = bytes(high - low);
    const strip = element(
      "div",
      {
        className: `strip ${segment?.kind ?? "none"} ${scale}`,
        title: segment?.text ?? `${size} that are not the process's`,
      },
      element("span", { className: "name" }, segment === undefined ? "" : names[segment.kind]),
      element("span", { className: "size" }, scale === "gap" ? `⋮ ${roundSize(high - low)}` : size),
    );
    strip.style.top = `${top}px`;
    strip.style.height = `${height}px`;
    bar.append(strip);
  }
  for (const { kind, address, text } of marks) {
    const line = element("div", { className: `line ${kind}`, title: text });
    line.style.top = `${place(layout, address)}px`;
    bar.append(line);
  }
  return bar;
}

/** Labels of the marks with arrows into the bar, moved apart where they would lie on each other. */
function marksColumn(all: readonly Mark[], layout: MemoryLayout): HTMLElement {
  const column = element("div", { className: "marks" });
  const marks = all.toSorted((a, b) => b.address - a.address);
  const wanted = marks.map(({ address }) => place(layout, address));
  const middles = spread(wanted, labelHeight, layout.height);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "leaders");
  // The labels beside these lines say what they point to.
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("height", String(layout.height));
  for (const [index, { kind, name, address, text }] of marks.entries()) {
    const label = element(
      "div",
      { className: `mark ${kind}`, title: text },
      element("span", { className: "name" }, name),
      element("code", {}, hex(address)),
    );
    const middle = middles[index] as number;
    label.style.top = `${middle - labelHeight / 2}px`;
    column.append(label);
    const leader = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
    leader.setAttribute("class", kind);
    leader.setAttribute(
      "points",
      `0,${middle} 6,${middle} 18,${wanted[index]} 24,${wanted[index]}`,
    );
    svg.append(leader);
  }
  column.append(svg);
  return column;
}

/** The addresses between strips; strips are high enough for them not to touch. */
export function addresses({ strips }: MemoryLayout): HTMLElement {
  const column = element("div", { className: "addresses" });
  const edge = (address: number, top: number) => {
    const label = element("code", {}, hex(address));
    label.style.top = `${top - addressHeight / 2}px`;
    column.append(label);
  };
  const [first] = strips;
  if (first !== undefined && first.scale !== "gap") edge(first.high, first.top);
  for (const [index, { low, top, height, scale }] of strips.entries()) {
    // The far end of a gap at the edge of the picture is the mark itself.
    if (scale !== "gap" || index < strips.length - 1) edge(low, top + height);
  }
  return column;
}

/** Regions at their true places, those that overlap side by side. */
export function rangesColumns(
  ranges: readonly CrashRange[],
  layout: MemoryLayout,
  unit: string,
): HTMLElement[] {
  const columnOf = columns(ranges);
  const count = Math.max(0, ...columnOf.map(column => column + 1));
  return Array.from({ length: count }, (_, column) => {
    const made = element("div", { className: "ranges" });
    const here = ranges
      .filter((_, index) => columnOf[index] === column)
      .toSorted((a, b) => b.low - a.low);
    const spans = here.map(({ low, high }) => ({
      top: place(layout, high),
      end: place(layout, low),
    }));
    const middles = spread(
      spans.map(({ top, end }) => (top + end) / 2),
      rangeLabelHeight,
      layout.height,
    );
    for (const [index, range] of here.entries()) {
      const { top, end } = spans[index] as { top: number; end: number };
      const title = `${unit} region ${range.region}: the app may ${rightsInWords(range)}, ${hex(range.low)} to ${hex(range.high)}`;
      const band = element("div", { className: "band", title });
      band.style.top = `${top}px`;
      band.style.height = `${Math.max(2, end - top)}px`;
      const label = element(
        "div",
        { className: "label", title },
        `${range.region} ${rights(range)}`,
      );
      label.style.top = `${(middles[index] as number) - rangeLabelHeight / 2}px`;
      made.append(band, label);
    }
    return made;
  });
}

/** What the picture does not say by itself, and where it is not true to scale. */
function legend(
  { strips, blocks }: MemoryLayout,
  ranges: readonly CrashRange[],
  unit: string,
): HTMLElement {
  const sentences = [
    blocks.length > 1 ? "Flash and RAM have a scale each." : null,
    strips.some(({ scale }) => scale === "raised")
      ? "Parts with a dotted edge are drawn larger than they are, to be readable."
      : null,
    strips.some(({ scale }) => scale === "gap") ? "Gaps (⋮) are not to scale." : null,
    ranges.length > 0
      ? `On the right: regions of the ${unit} by number, and whether the app may read (r), write (w) and execute (x).`
      : `The regions of the ${unit} are not known.`,
  ];
  return element("p", { className: "legend" }, sentences.filter(Boolean).join(" "));
}

function memoryTable(
  { segments, ranges, grants }: CrashProcess,
  marks: readonly Mark[],
  unit: string,
): HTMLElement {
  const extent = ({ low, high }: { low: number; high: number }) =>
    [hex(low), hex(high), bytes(high - low)] as const;
  const rows = [
    ...segments.map(part => [names[part.kind], ...extent(part), part.text]),
    ...ranges.map(range => [
      `${unit} region ${range.region}`,
      ...extent(range),
      `The app may ${rightsInWords(range)}.`,
    ]),
    ...grants.map(({ driver, driverName, address, size }) => [
      "Grant",
      ...extent({ low: address, high: address + size }),
      `Driver ${hex(driver)} ${driverName}`,
    ]),
    ...marks.map(({ name, address, text }) => [name, hex(address), "", "", text]),
  ];
  return table("Memory, from its start up", ["Part", "From", "To", "Size", "What it is"], rows);
}
