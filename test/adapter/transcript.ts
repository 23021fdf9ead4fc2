// DAP sessions as text for golden files: one line per message, paths and other changing things normalised.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";

type Message = DebugProtocol.ProtocolMessage;

const root = process.cwd().replaceAll("\\", "/");

/** A value in one line, or over several where it is long. */
function pretty(value: unknown, indent: string): string {
  const flat = JSON.stringify(value);
  if (flat === undefined) return "";
  if (flat.length + indent.length <= 110 || value === null || typeof value !== "object") {
    return flat;
  }
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map(item => inner + pretty(item, inner)).join(",\n")}\n${indent}]`;
  }
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  const lines = fields.map(([key, field]) => `${inner}${key}: ${pretty(field, inner)}`);
  return `{\n${lines.join(",\n")}\n${indent}}`;
}

function line(message: Message): string {
  if (message.type === "request") {
    const { command, arguments: args } = message as DebugProtocol.Request;
    return `→ ${command} ${pretty(args ?? {}, "")}`;
  }
  if (message.type === "event") {
    const { event, body } = message as DebugProtocol.Event;
    return `* ${event} ${pretty(body ?? {}, "")}`;
  }
  const { command, success, body, message: why } = message as DebugProtocol.Response;
  return success ? `← ${command} ${pretty(body ?? {}, "")}` : `← ${command} refused: ${why}`;
}

export function transcriptOf(messages: readonly Message[]): string {
  const text = messages.map(line).join("\n");
  return `${text.replaceAll(root, "ROOT")}\n`;
}

/** Compares with the golden file; `UPDATE=1` accepts what is there. */
export function assertGolden(path: string, text: string): void {
  if (process.env["UPDATE"] === "1" || !existsSync(path)) {
    assert.ok(process.env["UPDATE"] === "1", `${path} is missing; run with UPDATE=1`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return;
  }
  assert.equal(text, readFileSync(path, "utf8").replaceAll("\r\n", "\n"));
}
