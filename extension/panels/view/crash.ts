// The crash panel's page: verdict and fix on top, then memory, stack and registers. All text is set as text.
import {
  type CrashProcess,
  type CrashRegister,
  type FromCrashView,
  isShowCrash,
  isToCrashView,
  type ShowCrash,
  type SourcePlace,
} from "../crash-messages.js";
import { hex, readable } from "../text.js";
import { memorySection } from "./memory.js";
import { button, type Child, connect, element, named, prose, say, section, table } from "./page.js";

const registerLimit = 24;

const main = document.getElementById("main") as HTMLElement;
const host = connect<unknown, FromCrashView>(isToCrashView, message => {
  if (!isToCrashView(message)) return;
  if (message.type === "say") say(message.text);
  else if (isSameCrash(message)) setLive(message);
  else show(message);
});
let shown: ShowCrash | undefined;

const kept = host.kept();
if (isShowCrash(kept)) show(kept);
host.send({ type: "ready" });

const isSameCrash = ({ crash, source }: ShowCrash): boolean =>
  shown !== undefined &&
  shown.source === source &&
  JSON.stringify(shown.crash) === JSON.stringify(crash);

/** The rest of the page stays as it is, with its focus and scroll position. */
function setLive(message: ShowCrash): void {
  shown = message;
  host.keep(message);
  main.querySelector("header .actions")?.replaceWith(actions(message));
}

function show(message: ShowCrash): void {
  shown = message;
  host.keep(message);
  const { crash } = message;
  const [first] = crash.processes;
  main.replaceChildren(header(message));
  window.scrollTo(0, 0);
  if (crash.notes.length > 0) main.append(notes(crash.notes));
  if (first === undefined) return;
  if (crash.processes.length === 1) main.append(...processSections(message, 0));
  else main.append(...chooser(message));
}

// The top: what happened and what to do

function header(message: ShowCrash): HTMLElement {
  const { crash, source } = message;
  const { verdict, details, place, instruction, culprit, fix } = crash.explanation;
  const [first] = crash.processes;
  const title = first === undefined ? "Kernel panic" : first.name;
  return element(
    "header",
    {},
    element(
      "p",
      { className: "origin" },
      element("strong", {}, named(title)),
      " — ",
      named(source),
      crash.kernelVersion === null ? "" : ", kernel ",
      crash.kernelVersion === null ? null : named(crash.kernelVersion),
    ),
    element("h1", {}, ...prose(verdict)),
    facts(place, instruction, culprit),
    fix === null
      ? null
      : element("p", { className: "fix" }, element("strong", {}, "Fix: "), ...prose(fix.text)),
    details.length === 0
      ? null
      : element(
          "ul",
          { className: "details" },
          ...details.map(text => element("li", {}, ...prose(text))),
        ),
    panic(crash),
    actions(message),
  );
}

type Facts = ShowCrash["crash"]["explanation"];

/** Source line, instruction and the variable behind the address, in one line. */
function facts(
  place: Facts["place"],
  instruction: Facts["instruction"],
  culprit: Facts["culprit"],
): HTMLElement | null {
  const parts: Child[] = [];
  if (place !== null) parts.push(placeLink(place, () => host.send({ type: "openPlace" })));
  if (instruction !== null)
    parts.push(
      element(
        "span",
        { title: `Instruction at ${hex(instruction.address)}` },
        element("code", {}, readable(instruction.text).text),
      ),
    );
  if (culprit !== null) {
    const { expression, value } = culprit;
    parts.push(element("span", {}, element("code", {}, named(expression), " = ", named(value))));
  }
  return parts.length === 0 ? null : element("p", { className: "facts" }, ...parts);
}

function panic({ panic }: ShowCrash["crash"]): HTMLElement | null {
  if (panic === null) return null;
  return element(
    "p",
    { className: "panic" },
    "The kernel panicked: ",
    panic.message,
    " ",
    element("code", {}, named(panic.location)),
  );
}

function actions({ crash, live }: ShowCrash): HTMLElement {
  const restart = button("Restart Process", () => host.send({ type: "restart" }), "secondary");
  restart.hidden = crash.origin !== "live";
  restart.disabled = !live;
  restart.title = live ? "Starts the process anew and lets the board run" : "The session has ended";
  return element(
    "div",
    { className: "actions", role: "toolbar", ariaLabel: "Crash" },
    button("Copy Report", () => host.send({ type: "copyReport" })),
    restart,
    button("Show Dump", () => host.send({ type: "openDump" }), "secondary"),
    crash.origin === "live"
      ? button("Settings", () => host.send({ type: "openSettings" }), "link")
      : null,
  );
}

const notes = (texts: readonly string[]): HTMLElement =>
  element(
    "ul",
    { className: "notes", ariaLabel: "What is missing" },
    ...texts.map(text => element("li", {}, ...prose(text))),
  );

// One process

/** A choice of the process, when the dump holds several. */
function chooser(message: ShowCrash): HTMLElement[] {
  const body = element("div", {}, ...processSections(message, 0));
  const select = element(
    "select",
    { id: "process" },
    ...message.crash.processes.map(({ name, state }, index) => {
      const { text } = readable(`${name} (${state})`);
      return element("option", { value: String(index) }, text);
    }),
  );
  select.onchange = () => body.replaceChildren(...processSections(message, Number(select.value)));
  const label = element("label", { htmlFor: "process" }, "Process ");
  return [element("div", { className: "chooser" }, label, select), body];
}

/** @param index the first process is the one that the verdict is about */
function processSections({ crash }: ShowCrash, index: number): HTMLElement[] {
  const process = crash.processes[index];
  if (process === undefined) return [];
  const unit = crash.faultStatus.some(({ name }) => name === "mcause") ? "PMP" : "MPU";
  const columns = element(
    "div",
    { className: "columns" },
    memorySection(process, index === 0 ? crash.explanation.access : null, unit),
    element(
      "div",
      {},
      stack(process, index),
      system(process),
      ...(index === 0 ? registers("Fault status", crash.faultStatus) : []),
      ...registers("Registers", process.registers),
    ),
  );
  return [columns];
}

function stack({ stack }: CrashProcess, process: number): HTMLElement {
  const rows = stack.map(({ address, name, place }, frame) =>
    element(
      "li",
      {},
      element("span", { className: "function" }, named(name, 120)),
      " ",
      place === null
        ? element("code", {}, hex(address))
        : placeLink(place, () => host.send({ type: "openFrame", process, frame }), hex(address)),
    ),
  );
  return section(
    "Stack",
    rows.length === 0
      ? element("p", {}, "The stack is not known.")
      : element("ol", { className: "stack" }, ...rows),
  );
}

function placeLink(
  { path, line, function: name }: SourcePlace,
  open: () => void,
  at?: string,
): HTMLElement {
  const file = path.split(/[\\/]/).at(-1) ?? path;
  const link = button(`${readable(file).text}:${line}`, open, "link");
  link.title = [readable(path, 400).text, readable(name).text, at].filter(Boolean).join(", ");
  return link;
}

/** How the kernel sees the process, what it last asked for, and what is kept for it. */
function system({ state, lastSyscall, grants }: CrashProcess): HTMLElement {
  return section(
    "Kernel",
    element("p", {}, "State: ", named(state)),
    element(
      "p",
      {},
      "Last system call: ",
      lastSyscall === null ? "none" : element("code", {}, named(lastSyscall, 200)),
    ),
    grants.length === 0
      ? element("p", {}, "The process has no grants.")
      : table(
          "Grants",
          ["Driver", "Address", "Size"],
          grants.map(({ driver, driverName, address, size }) => [
            named(`${hex(driver)} ${driverName}`),
            element("code", {}, hex(address)),
            String(size),
          ]),
        ),
  );
}

function registers(title: string, all: readonly CrashRegister[]): HTMLElement[] {
  if (all.length === 0) return [];
  const rows = all.map(({ name, value, meaning, fields }) => [
    element("code", {}, named(name, registerLimit)),
    value === null ? "not known" : element("code", {}, hex(value)),
    element(
      "div",
      {},
      named(meaning, 200),
      fields.length === 0
        ? null
        : element(
            "ul",
            { className: "fields" },
            ...fields.map(({ name, bits, value, text }) =>
              element(
                "li",
                { title: `Bits ${readable(bits).text} = ${value}` },
                element("code", {}, named(name, registerLimit)),
                " ",
                named(text, 200),
              ),
            ),
          ),
    ),
  ]);
  return [section(title, table(title, ["Name", "Value", "Meaning"], rows))];
}
