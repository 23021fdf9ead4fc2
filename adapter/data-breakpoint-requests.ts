// Routes of data breakpoints: which bytes a variable, an expression or an address means, and who touches them.
import { hex8, UserError } from "../emulator/index.js";
import type { Fields } from "./arguments.js";
import { answer, wantedOf } from "./breakpoint-requests.js";
import type { Client } from "./client.js";
import type { Control } from "./control.js";
import * as errors from "./errors.js";
import { readAddress } from "./memory.js";

interface Place {
  address: number;
  length: number;
}

const ACCESS = { read: "read", write: "write", readWrite: "readWrite" } as const;
const accessTypes = Object.keys(ACCESS);

export function dataBreakpointInfo(args: Fields, control: Control) {
  const name = args.string("name");
  const asAddress = args.optionalBoolean("asAddress") === true;
  const bytes = args.optionalInteger("bytes", 1);
  let place: Place;
  try {
    place = asAddress ? { address: readAddress(name), length: 1 } : placeOf(name, args, control);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { dataId: null, description: error.message };
  }
  const { address, length } = { ...place, length: bytes ?? place.length };
  const size = length === 1 ? "1 byte" : `${length} bytes`;
  const where = asAddress ? hex8(address) : `${name} at ${hex8(address)}`;
  return {
    dataId: `${hex8(address)}:${length}`,
    description: `${where}, ${size}`,
    accessTypes,
    canPersist: asAddress,
  };
}

function placeOf(name: string, args: Fields, control: Control): Place {
  const reference = args.optionalInteger("variablesReference") ?? 0;
  const frameId = args.optionalInteger("frameId");
  const row =
    reference > 0 ? control.variables.child(reference, name) : control.expression(name, frameId);
  if (row.place === undefined) throw errors.notWatchable(name);
  return row.place;
}

export async function setDataBreakpoints(args: Fields, control: Control, client: Client) {
  const wanted = wantedOf(args, item => {
    const id = item.string("dataId");
    const [, address, length] = /^(0x[0-9a-f]{1,8}):(\d{1,9})$/i.exec(id) ?? [];
    if (address === undefined || Number(length) === 0) throw errors.noDataId(id);
    const access = item.choice("accessType", Object.values(ACCESS)) ?? "write";
    return { kind: "data", address: Number(address), length: Number(length), access };
  });
  return answer(await control.setBreakpoints("data", wanted), control, client);
}
