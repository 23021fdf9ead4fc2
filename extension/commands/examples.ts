// The examples that the vsix holds as source, ELF and TAB: .vscodeignore lists the same.

export const examples: readonly { name: string; text: string; source: string }[] = [
  { name: "hello", text: "One line on the console.", source: "main.c" },
  { name: "blink", text: "LEDs, buttons and an alarm.", source: "main.c" },
  { name: "locals", text: "Variables of every kind, to look at and to change.", source: "main.c" },
  { name: "grants", text: "What the kernel keeps for an app, driver by driver.", source: "main.c" },
  { name: "crash", text: "Type a letter, get a crash, read why.", source: "main.c" },
];
