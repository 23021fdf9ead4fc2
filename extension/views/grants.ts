// Rows of the view Grants: what drivers keep for the selected process. On each row with bytes a data breakpoint can be set.
import type { Bytes, GrantInfo, GrantsBody } from "../../adapter/protocol.js";
import { bytesText, hex8, type Node } from "./nodes.js";

export function grantNodes({ grants, unused }: GrantsBody): Node[] {
  const nodes = grants.map(nodeOf);
  if (unused.length === 0) return nodes;
  return [
    ...nodes,
    {
      id: "unused",
      label: "Not used",
      description: String(unused.length),
      tooltip: "Drivers that keep nothing for this process.",
      children: unused.map(name => ({ id: `unused ${name}`, label: name })),
    },
  ];
}

/** A row that stands for bytes in memory. `guarded`: the app itself cannot touch them. */
const watchable = (
  { address, length, watched }: Bytes,
  guarded: boolean,
): Pick<Node, "address" | "length" | "kind" | "icon"> => ({
  address,
  length,
  kind: `${watched ? "watched" : "bytes"}-${guarded ? "kernel" : "shared"}`,
  ...(watched ? { icon: "debug-breakpoint-data" } : {}),
});

function nodeOf(grant: GrantInfo): Node {
  const { name, address, length, number } = grant;
  const id = `grant ${number}`;
  return {
    id,
    label: name,
    description: `${hex8(address)}, ${bytesText(length)}`,
    tooltip: `Grant ${number}, ${hex8(address)}–${hex8(address + length)}`,
    ...watchable(grant, true),
    children: [
      ...grant.fields.map(field => ({
        id: `${id} field ${field.name}`,
        label: field.name,
        description: `= ${field.value}`,
        tooltip: `${field.type} at ${hex8(field.address)}`,
        ...watchable(field, true),
      })),
      ...grant.upcalls.map(({ subscribe, calls }) => ({
        id: `${id} upcall ${subscribe}`,
        label: `Upcall ${subscribe}`,
        description: `→ ${calls}`,
      })),
      ...grant.allows.map(allow => ({
        id: `${id} allow ${allow.access} ${allow.allow}`,
        label: `Allowed ${allow.access} ${allow.allow}`,
        description: `${hex8(allow.address)}, ${bytesText(allow.length)}`,
        ...watchable(allow, false),
      })),
      bytesNode(id, grant),
    ],
  };
}

function bytesNode(id: string, { rows, more, address }: GrantInfo): Node {
  const lines = rows.map((row, line) => ({
    id: `${id} bytes ${line}`,
    label: hex8(address + 16 * line),
    description: row,
  }));
  const rest = more === 0 ? [] : [{ id: `${id} more`, label: `… ${bytesText(more)} more` }];
  return {
    id: `${id} bytes`,
    label: "Bytes",
    description: rows[0] ?? "",
    children: [...lines, ...rest],
  };
}
