// DAP sessions as text for golden files: one line per message, paths and other changing things normalised.
import type { DebugProtocol } from "@vscode/debugprotocol";

type Message = DebugProtocol.ProtocolMessage;

const root = process.cwd().replaceAll("\\", "/");

/** A value in one line, or over several where it is long, wherever the repository lies. */
function pretty(value: unknown, indent: string): string {
  const flat = JSON.stringify(value)?.replaceAll(root, "ROOT");
  if (flat === undefined) return "";
  if (flat.length + indent.length <= 170 || value === null || typeof value !== "object") {
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
  return `${messages.map(line).join("\n").replaceAll(root, "ROOT")}\n`;
}
