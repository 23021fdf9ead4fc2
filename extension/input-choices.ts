// What "Send Input" offers: the devices of the board that take inputs, those that users touch first. Without VS Code.

export interface InputChoice {
  label: string;
  description?: string;
  device: string;
  /** A button is pressed; anything else gets what the user types. */
  isButton: boolean;
}

/** Apps and processes have commands of their own. */
const NOT_OFFERED: ReadonlySet<string> = new Set(["loader", "processes"]);

export function inputChoices(devices: readonly string[]): InputChoice[] {
  const offered = devices.filter(device => !NOT_OFFERED.has(device)).map(choiceOf);
  const rank = ({ device, isButton }: InputChoice) => (device === "console" ? 0 : isButton ? 1 : 2);
  return offered.sort((a, b) => rank(a) - rank(b));
}

function choiceOf(device: string): InputChoice {
  if (device === "console")
    return { label: "$(keyboard) Type into the console…", device, isButton: false };
  const [, number] = /^button(\d+)$/.exec(device) ?? [];
  if (number === undefined) return { label: `$(settings) Set ${device}…`, device, isButton: false };
  const label = `$(circle-filled) Press button ${Number(number) + 1}`;
  return { label, description: device, device, isButton: true };
}
