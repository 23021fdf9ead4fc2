// The examples that the vsix holds as source, ELF and TAB: .vscodeignore lists the same.

/** All paths lie below `examples/`. */
interface Example {
  name: string;
  text: string;
  /** What is shown first. */
  source: string;
  /** TABs in flash order, with the ELF where it does not lie beside its TAB. */
  apps: readonly { tab: string; elf?: string }[];
  /** The board that it is about, if it is about one. */
  board?: string;
  /** The page that teaches with it. */
  page?: string;
}

/** The app `FOLDER/NAME.tab`. */
const app = (folder: string) => ({ tab: `${folder}/${folder.split("/").at(-1)}.tab` });

const single = (name: string, text: string): Example => ({
  name,
  text,
  source: `${name}/main.c`,
  apps: [app(name)],
});

const LESSONS = "lessons";
const SNOOPING = `${LESSONS}/button-snooping`;
const TRUST = `${LESSONS}/root-of-trust`;

export const examples: readonly Example[] = [
  single("hello", "One line on the console."),
  single("blink", "LEDs, buttons and an alarm."),
  single("locals", "Variables of every kind, to look at and to change."),
  single("grants", "What the kernel keeps for an app, driver by driver."),
  single("crash", "Type a letter, get a crash, read why."),
  {
    name: "sensor-board",
    text: "Lesson: how an app starts, and which sensors its board has.",
    source: `${LESSONS}/sensor-board/main.c`,
    apps: [app(`${LESSONS}/sensor-board`)],
    board: "hail",
    page: `${LESSONS}/sensor-board/README.md`,
  },
  {
    name: "button-snooping",
    text: "Lesson: an app learns which buttons are pressed for another one.",
    source: `${SNOOPING}/thermometer/main.c`,
    apps: [app(`${SNOOPING}/code_lock`), app(`${SNOOPING}/thermometer`)],
    board: "nrf52840dk",
    page: `${SNOOPING}/README.md`,
  },
  {
    name: "button-snooping-filtered",
    text: "Lesson: the same on a board that filters system calls.",
    source: `${SNOOPING}/thermometer/main.c`,
    apps: [
      app(`${SNOOPING}/code_lock`),
      {
        ...app(`${SNOOPING}/thermometer_confined`),
        elf: `${SNOOPING}/thermometer/thermometer.elf`,
      },
    ],
    board: "everything",
    page: `${SNOOPING}/README.md`,
  },
  {
    name: "root-of-trust",
    text: "Lesson: an app wants another app's secret, and the MPU says no.",
    source: `${TRUST}/suspicious_service/main.c`,
    apps: [app(`${TRUST}/encryption_service`), app(`${TRUST}/suspicious_service`)],
    board: "nrf52840dk-root-of-trust-tutorial",
    page: `${TRUST}/README.md`,
  },
];
