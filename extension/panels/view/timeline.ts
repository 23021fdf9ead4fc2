// The Syscalls panel's page: filters on top, then the rows. The debugger filters and counts; the page draws what is seen.
import {
  type FromTimelineView,
  isTimelineKept,
  isToTimelineView,
  type TimelineBody,
  type TimelineFilter,
  type TimelineKept,
  type TimelineKind,
  type TimelineShown,
} from "../timeline-messages.js";
import { button, connect, element } from "./page.js";
import { TimelineGrid } from "./timeline-grid.js";

const main = document.getElementById("main") as HTMLElement;
const status = document.getElementById("status") as HTMLElement;
const host = connect<unknown, FromTimelineView>(isToTimelineView, message => {
  if (!isToTimelineView(message)) return;
  if (message.type === "say") status.textContent = message.text;
  else if (message.type === "state") showState(message);
  else if (message.request === requests) showPage(message.body);
});

let filter: TimelineFilter = {};
let run = 0;
/** Requests for pages so far: only the answer to the last one counts. */
let requests = 0;

const grid = new TimelineGrid({
  fetch: (start, count) => {
    requests++;
    host.send({ type: "page", request: requests, start, count, filter });
  },
  open: ({ number }) => host.send({ type: "open", number }),
  left: () => {
    followBox.checked = false;
    keep();
  },
});

// The tools

const search = element("input", {
  type: "search",
  placeholder: "Search, for example: write NOMEM",
  oninput: () => later(applyFilter),
});
search.ariaLabel = "Search";
const processes = choice("Process");
const drivers = choice("Driver");
const kinds = choice("Kind");
const failedBox = checkbox("Errors only", applyFilter);
const followBox = checkbox("Follow", () => {
  grid.follow = followBox.checked;
  keep();
  grid.refresh();
});
// No live region: it changes four times a second.
const count = element("span", { className: "count" });
const empty = element("p", { className: "empty", role: "status" });

setOptions(kinds, "All kinds", [
  ["syscall", "System calls"],
  ["upcall", "Upcalls"],
  ["fault start exit", "Start, exit and fault"],
]);
setOptions(processes, "All processes", []);
setOptions(drivers, "All drivers", []);

document.body.classList.add("timeline");
main.append(
  element(
    "div",
    { className: "tools", role: "toolbar", ariaLabel: "Filters" },
    search,
    processes,
    drivers,
    kinds,
    label(failedBox, "Errors only"),
    label(followBox, "Follow"),
    button("Export Trace…", () => host.send({ type: "export" }), "secondary"),
    count,
  ),
  empty,
  grid.element,
);

const kept = host.kept();
if (isTimelineKept(kept)) restore(kept);
else followBox.checked = true;
host.send({ type: "ready" });

function choice(name: string): HTMLSelectElement {
  const made = element("select", { onchange: applyFilter });
  made.ariaLabel = name;
  return made;
}

function checkbox(name: string, onchange: () => void): HTMLInputElement {
  return element("input", { type: "checkbox", name, onchange });
}

function label(box: HTMLInputElement, text: string): HTMLLabelElement {
  return element("label", {}, box, text);
}

/** The choice stays as long as there is one of that value. */
function setOptions(
  select: HTMLSelectElement,
  all: string,
  options: readonly (readonly [string, string])[],
): void {
  const { value } = select;
  const made = [["", all] as const, ...options].map(([value, text]) =>
    element("option", { value }, text),
  );
  const texts = (list: Iterable<HTMLOptionElement>) =>
    JSON.stringify([...list].map(option => [option.value, option.text]));
  if (texts(select.options) === texts(made)) return;
  select.replaceChildren(...made);
  select.value = value;
  if (select.selectedIndex < 0) select.value = "";
}

let waiting: ReturnType<typeof setTimeout> | undefined;
const TYPING = 150;

function later(action: () => void): void {
  clearTimeout(waiting);
  waiting = setTimeout(action, TYPING);
}

function applyFilter(): void {
  const named = kinds.value.split(" ").filter(kind => kind !== "") as TimelineKind[];
  filter = {
    ...(processes.value === "" ? {} : { processes: [processes.value] }),
    ...(drivers.value === "" ? {} : { drivers: [Number(drivers.value)] }),
    ...(named.length === 0 ? {} : { kinds: named }),
    ...(failedBox.checked ? { failed: true } : {}),
    ...(search.value.trim() === "" ? {} : { search: search.value.trim() }),
  };
  keep();
  grid.reset();
}

function keep(): void {
  const state: TimelineKept = { filter, follow: grid.follow };
  host.keep(state);
}

function restore(state: TimelineKept): void {
  ({ filter } = state);
  grid.follow = followBox.checked = state.follow;
  search.value = filter.search ?? "";
  failedBox.checked = filter.failed === true;
  kinds.value = filter.kinds?.join(" ") ?? "";
  const [process] = filter.processes ?? [];
  const [driver] = filter.drivers ?? [];
  if (process !== undefined) choose(processes, "All processes", process, process);
  if (driver !== undefined) choose(drivers, "All drivers", String(driver), `driver ${driver}`);
}

/** Until the debugger has told what there is to choose. */
function choose(select: HTMLSelectElement, all: string, value: string, text: string): void {
  setOptions(select, all, [[value, text]]);
  select.value = value;
}

// What the debugger tells

function showState(state: TimelineShown): void {
  const isOver = state.session === null;
  main.classList.toggle("over", isOver);
  if (isOver) {
    empty.textContent = "System calls are shown while a Tock app is being debugged.";
    return;
  }
  if (state.run === run) grid.refresh();
  else {
    run = state.run;
    grid.reset();
  }
}

function showPage(body: TimelineBody): void {
  const { total, first, end } = body;
  setOptions(
    processes,
    "All processes",
    body.processes.map(name => [name, name]),
  );
  setOptions(
    drivers,
    "All drivers",
    body.drivers.map(d => [String(d.driver), d.name]),
  );
  const number = (value: number) => value.toLocaleString("en-US");
  const of = total === end - first ? "" : ` of ${number(end - first)}`;
  const gone = first === 0 ? "" : `, ${number(first)} older ones dropped`;
  count.textContent = `${number(total)}${of} rows${gone}`;
  empty.textContent =
    total > 0 ? "" : end === 0 ? "No system call yet." : "No row fits the filters.";
  grid.show(body);
}
