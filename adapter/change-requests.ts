// Routes of requests about what the user types: new values of variables, expressions and memory, and completions.
import type { Fields } from "./arguments.js";
import { writeMemory } from "./change.js";
import type { Client } from "./client.js";
import type { Control } from "./control.js";
import * as errors from "./errors.js";
import { decodeBase64, readAddress } from "./memory.js";
import type { Shown } from "./shown.js";
import { dress } from "./variables.js";

export function setVariable(args: Fields, control: Control) {
  const reference = args.integer("variablesReference");
  const row = control.setVariable(reference, args.string("name"), args.string("value"));
  return { value: row.value, ...dress(row) };
}

export function setExpression(args: Fields, control: Control) {
  const frameId = args.optionalInteger("frameId");
  const row = control.assign(args.string("expression"), args.string("value"), frameId);
  return { value: row.value, ...dress(row) };
}

export function writeMemoryBytes(args: Fields, control: Control) {
  const offset = args.optionalInteger("offset") ?? 0;
  const address = readAddress(args.string("memoryReference")) + offset;
  const bytes = decodeBase64(args.string("data"));
  if (bytes === undefined) throw errors.noBase64();
  const partly = args.optionalBoolean("allowPartial") ?? false;
  const bytesWritten = writeMemory(control.debuggee, address, bytes, partly);
  return { bytesWritten };
}

export function completions(args: Fields, shown: Shown, client: Client) {
  const end = args.integer("column") - client.column(1);
  const text = args.string("text").slice(0, Math.max(0, end));
  const { length, items } = shown.completions(text, args.optionalInteger("frameId"));
  const start = client.column(1) + text.length - length;
  return { targets: items.map(({ label, kind }) => ({ label, type: kind, start, length })) };
}
