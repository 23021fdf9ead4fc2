// The view of grants: what each driver keeps for one process, decoded, and the buffers that the process shares with it.
import type { GrantRegionView } from "../../emulator/index.js";
import type { Control } from "../control.js";
import { byteRows, codeText } from "../rows.js";
import { processOf, threadOf } from "../stack.js";
import { driverText } from "../syscall-text.js";
import type { Bytes, GrantInfo, GrantsBody } from "./model.js";

/** Bytes of a grant that are shown; the memory view shows all. */
const MOST_BYTES = 256;

/** @param thread the one that is selected; else the one that stopped last, else the first */
export function grantsBody(control: Control, thread: number | undefined): GrantsBody {
  const { debuggee } = control;
  const wanted = thread ?? control.stoppedBy?.threadId;
  const { processes } = debuggee;
  const view =
    processes.find(({ index }) => wanted !== undefined && index === processOf(wanted)) ??
    processes[0];
  const used = view?.grants.filter(({ size }) => size > 0) ?? [];
  return {
    schema: 1,
    view: "grants",
    process:
      view === undefined
        ? null
        : { threadId: threadOf(view.index), name: debuggee.nameOf(view.index) },
    grants: used.map(grant => infoOf(grant, view?.index ?? 0, control)),
    unused:
      view?.grants.filter(({ size }) => size === 0).map(({ driver }) => driverText(driver)) ?? [],
  };
}

function infoOf(grant: GrantRegionView, index: number, { debuggee }: Control): GrantInfo {
  const { address, size } = grant;
  const watched = debuggee.breakpoints
    .of("views")
    .map(({ spot }) => (spot.kind === "data" ? `${spot.address} ${spot.length}` : ""));
  const bytesAt = (address: number, length: number): Bytes => ({
    address,
    length,
    watched: watched.includes(`${address} ${length}`),
  });
  const allowsOf = (access: "read-only" | "read-write", list: typeof grant.readOnlyAllows) =>
    list
      .filter(({ length }) => length > 0)
      .map(({ allow, address, length }) => ({ access, allow, ...bytesAt(address, length) }));
  const nameOf = debuggee.namer(index);
  const bytes = debuggee.memory.read(address, Math.min(size, MOST_BYTES)) ?? new Uint8Array();
  return {
    number: grant.number,
    driver: grant.driver,
    name: driverText(grant.driver),
    ...bytesAt(address, size),
    upcalls: grant.upcalls
      .filter(({ functionPointer }) => functionPointer !== 0)
      .map(({ subscribe, functionPointer }) => ({
        subscribe,
        calls: codeText(functionPointer, nameOf),
      })),
    allows: [
      ...allowsOf("read-only", grant.readOnlyAllows),
      ...allowsOf("read-write", grant.readWriteAllows),
    ],
    fields: grant.fields.map(({ name, type, value, address, size }) => ({
      name,
      type,
      value,
      ...bytesAt(address, size),
    })),
    rows: byteRows(bytes),
    more: size - bytes.length,
  };
}
