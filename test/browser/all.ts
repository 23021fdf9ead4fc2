// All tests in the real VS Code as one: `npm test` runs files side by side, and two windows at once would starve each other.
import { readdirSync } from "node:fs";

const files = readdirSync(import.meta.dirname).filter(name => name.endsWith(".test.js"));
for (const file of files.toSorted()) await import(`./${file}`);
