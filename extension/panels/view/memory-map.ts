// The Memory map view's page: flash and RAM to scale, the selected process's memory coloured by what it may do there, the
// regions of the MPU, and what the kernel keeps in each process's RAM. What a picture shows stands in a table, too.

import { layOut, type MemoryLayout } from "../memory-layout.js";
import {
  type FromMemoryMapView,
  isToMemoryMapView,
  type KernelBytes,
  type MapArea,
  type MapRegion,
  type MapRow,
} from "../memory-map-messages.js";
import { bytes, hex, roundSize } from "../text.js";
import { addresses, names, rangesColumns, rights, rightsInWords } from "./memory.js";
import { type Child, connect, element, named, say, section, table } from "./page.js";

const main = document.getElementById("main") as HTMLElement;
const host = connect<unknown, FromMemoryMapView>(isToMemoryMapView, message => {
  if (!isToMemoryMapView(message)) return;
  if (message.type === "say") say(message.text);
  else if (message.type === "empty") {
    main.replaceChildren(element("p", { className: "empty" }, message.text));
  } else {
    const { areas, process, rows, regions, kernelBytes } = message.map;
    if (!main.contains(box.areas)) main.replaceChildren(...sections);
    box.areas.replaceChildren(...areas.map(areaBar));
    box.process.replaceChildren(...processMap(process?.name, rows, regions));
    box.rows.replaceChildren(rowsTable(rows));
    box.regions.replaceChildren(regionsTable(regions));
    box.kernel.replaceChildren(kernelTable(kernelBytes));
  }
});

const div = (className = "") => element("div", { className });
/** What is drawn anew with every message; the sections around stay, with what the user has opened in them. */
const box = {
  areas: div(),
  process: div(),
  rows: div(),
  regions: div("scroll"),
  kernel: div("scroll"),
};
const sections = [
  section("Flash and RAM", box.areas),
  section(
    "Process",
    box.process,
    element(
      "details",
      {},
      element("summary", {}, "Memory as a table"),
      element("div", { className: "scroll" }, box.rows),
    ),
  ),
  section("MPU regions", box.regions),
  section("Kernel memory per process", box.kernel),
];

host.send({ type: "ready" });

// The board

function areaBar({ name, low, high, parts }: MapArea): HTMLElement {
  const size = high - low;
  const title = `${name}, ${roundSize(size)}`;
  const told = parts
    .filter(({ kind }) => kind !== "free")
    .map(part => `${partName(part)} ${roundSize(part.high - part.low)}`);
  const bar = element("div", {
    className: "area",
    role: "img",
    ariaLabel: `${title}: ${told.join(", ")}`,
  });
  for (const part of parts) {
    const text = `${partName(part)}: ${bytes(part.high - part.low)}, ${hex(part.low)} to ${hex(part.high)}`;
    const strip = element("div", {
      className: `part ${part.kind} ${part.selected ? "selected" : ""}`,
      title: text,
    });
    strip.style.left = `${(100 * (part.low - low)) / size}%`;
    strip.style.width = `${(100 * (part.high - part.low)) / size}%`;
    bar.append(strip);
  }
  const free = parts
    .filter(({ kind }) => kind === "free")
    .reduce((sum, part) => sum + part.high - part.low, 0);
  return element(
    "div",
    { className: "area-box" },
    element(
      "div",
      { className: "name" },
      title,
      element("span", { className: "unit" }, `${roundSize(free)} free`),
    ),
    bar,
    element(
      "div",
      { className: "ends unit" },
      element("code", {}, hex(low)),
      element("code", {}, hex(high)),
    ),
    // Small apps are hard to hit with a pointer, and a keyboard has none.
    element(
      "p",
      { className: "apps" },
      ...parts.filter(({ kind }) => kind === "app").map(appLabel),
    ),
  );
}

const appLabel = (part: MapArea["parts"][number]): HTMLElement =>
  element(
    "span",
    { className: part.selected ? "key selected" : "key" },
    element("span", { className: `swatch app ${part.selected ? "selected" : ""}` }),
    named(partName(part)),
    ` ${roundSize(part.high - part.low)}`,
  );

const partName = ({ kind, name }: MapArea["parts"][number]): string =>
  kind === "app" ? name || "an app" : kind === "kernel" ? "kernel" : "free";

// The process

/** What colours a row. */
const accessOf = ({ read, write, execute }: MapRow): string =>
  execute ? "may-execute" : write ? "may-write" : read ? "may-read" : "may-nothing";

const rowName = ({ kind }: MapRow): string =>
  kind === "other" ? "Of another process" : names[kind];

function rowText(row: MapRow): string {
  const { low, high, shared, others } = row;
  return [
    `${rowName(row)}, ${bytes(high - low)}, ${hex(low)} to ${hex(high)}: the process may ${rightsInWords(row)}`,
    ...shared.map(each => `shared with the kernel: ${each}`),
    ...others.map(each => `also open to ${each}`),
  ].join("; ");
}

function processMap(
  name: string | undefined,
  rows: readonly MapRow[],
  regions: readonly MapRegion[],
): HTMLElement[] {
  if (name === undefined)
    return [element("p", { className: "empty" }, "No process is on the board.")];
  const ranges = regions.flatMap(({ number, ranges, ...region }) =>
    ranges.map(range => ({ ...region, ...range, region: number })),
  );
  const layout = layOut(rows, ranges, []);
  const picture = element("div", {
    className: "memory map",
    role: "img",
    ariaLabel: `Memory of ${name} to scale. The table below holds the same.`,
  });
  picture.style.height = `${layout.height}px`;
  picture.append(addresses(layout), strips(rows, layout), ...rangesColumns(ranges, layout, "MPU"));
  return [
    element("p", { className: "process" }, named(name)),
    element("div", { className: "scroll" }, picture),
    legend(rows, layout),
  ];
}

function strips(rows: readonly MapRow[], layout: MemoryLayout): HTMLElement {
  const bar = element("div", { className: "bar" });
  for (const { part, scale, low, high, top, height } of layout.strips) {
    const row = part === null ? undefined : rows[part];
    const strip =
      row === undefined
        ? element(
            "div",
            {
              className: `strip none ${scale}`,
              title: `${bytes(high - low)} that are not the process's`,
            },
            scale === "gap" ? `⋮ ${roundSize(high - low)} not shown` : "",
          )
        : element(
            "div",
            {
              className: `strip ${accessOf(row)} ${scale} ${row.shared.length > 0 ? "shared" : ""}`,
              title: rowText(row),
            },
            element("span", { className: "name" }, rowName(row)),
            element("code", {}, rights(row)),
          );
    strip.style.top = `${top}px`;
    strip.style.height = `${height}px`;
    bar.append(strip);
  }
  return bar;
}

function legend(rows: readonly MapRow[], { strips, blocks }: MemoryLayout): HTMLElement {
  const key = (className: string, text: string) =>
    element(
      "span",
      { className: "key" },
      element("span", { className: `swatch ${className}` }),
      text,
    );
  const keys = [
    ["may-execute", "read and execute"],
    ["may-write", "read and write"],
    ["may-read", "read"],
    ["may-nothing", "the kernel alone"],
  ] as const;
  const here = new Set(rows.map(accessOf));
  return element(
    "p",
    { className: "legend" },
    ...keys.filter(([name]) => here.has(name)).map(([name, text]) => key(name, text)),
    rows.some(({ shared }) => shared.length > 0) ? key("shared", "shared with the kernel") : null,
    element(
      "span",
      {},
      blocks.length > 1 ? "Stretches between gaps have a scale each. " : "",
      strips.some(({ scale }) => scale === "raised")
        ? "Parts with a dotted edge are drawn larger than they are. "
        : "",
      "The kernel may read and write all of it. On the right: regions of the MPU.",
    ),
  );
}

const rowsTable = (rows: readonly MapRow[]): HTMLElement =>
  table(
    "Memory of the process, from its start up",
    ["Part", "From", "To", "Size", "It may", "Shared with", "Also open to"],
    rows.map(row => [
      rowName(row),
      hex(row.low),
      hex(row.high),
      bytes(row.high - row.low),
      rightsInWords(row),
      row.shared.join("; "),
      row.others.join("; "),
    ]),
  );

// MPU and kernel

function regionsTable(regions: readonly MapRegion[]): HTMLElement {
  if (regions.length === 0) return element("p", { className: "empty" }, "No region is enabled.");
  return table(
    "Regions of the MPU while the process runs",
    ["No.", "From", "Size", "Rights", "Sub-regions"],
    regions.map(region => [
      String(region.number),
      element("code", {}, hex(region.low)),
      roundSize(region.high - region.low),
      element("code", { title: rightsInWords(region) }, rights(region)),
      subregions(region.subregions),
    ]),
  );
}

/** Eight boxes, the lowest address first. */
function subregions(enabled: readonly boolean[]): Child {
  if (enabled.length === 0) return "none";
  const on = enabled.flatMap((is, n) => (is ? [n] : []));
  const all = on.length === enabled.length;
  const boxes = element("span", {
    className: "subregions",
    role: "img",
    ariaLabel: all ? "all enabled" : `enabled: ${on.join(", ") || "none"}`,
  });
  boxes.title = boxes.ariaLabel ?? "";
  for (const is of enabled) boxes.append(element("span", { className: is ? "on" : "off" }));
  return boxes;
}

/**
 * What TOSThreads reserves for each thread whether or not it is used, and how much of it can be in use at once: the figures
 * that Tock's authors give beside grants (Levy et al., Safely and Efficiently Multiprogramming a 64kB Computer, 2017).
 */
const TOS_THREADS = { reserved: "710 to 712", used: 158 };

const kernelTable = (all: readonly KernelBytes[]): HTMLElement =>
  element(
    "div",
    {},
    table(
      "Bytes that the kernel keeps for each process",
      ["", "Its own", "In grants", "Together"],
      [
        ...all.map(({ name, own, grants }) => [
          named(name),
          own.toLocaleString("en-US"),
          grants.toLocaleString("en-US"),
          (own + grants).toLocaleString("en-US"),
        ]),
        [element("i", {}, "TOSThreads"), "–", "–", TOS_THREADS.reserved],
      ],
    ),
    element(
      "p",
      { className: "legend" },
      `The bytes lie in the process's own RAM, and what is in grants is in use. TOSThreads reserves ${TOS_THREADS.reserved} bytes of kernel RAM for each thread, of which at most ${TOS_THREADS.used} can be in use.`,
    ),
  );
