// What the commands of Tock's drivers do, in a word or two, by number: the tables at the head of the capsules, which
// docs/drivers.md shows. `!` marks a command that upcall 0 answers, `!N` one that upcall N does. Command 0 asks whether the
// driver is there, unless it is named.

/** `NUMBER name`, separated by commas. */
const tables: Readonly<Record<number, string>> = {
  0: "1 frequency, 2 now, 3 stop, 5 set relative!, 6 set absolute!",
  1: "1 write!1, 2 read!2, 3 abort read!2",
  2: "1 on, 2 off, 3 toggle, 4 read",
  3: "1 enable interrupts!, 2 disable interrupts, 3 read",
  4: "1 output, 2 set, 3 clear, 4 toggle, 5 input, 6 read, 7 enable interrupts!, 8 disable interrupts, 9 disable, 10 count",
  5: "1 sample!, 2 sample continuously!, 3 sample buffer!, 4 sample buffers continuously!, 5 stop, 101 resolution, 102 reference",
  6: "1 initialize, 2 set",
  7: "1 compare, 2 start!, 3 stop, 4 count",
  8: "1 alert, 2 print, 3 print two",
  9: "1 version",
  16: "1 start, 2 stop, 3 greatest frequency, 4 count",
  65536: "1 discover, 2 notify service!, 3 notify client",
  65537: "1 set up!, 2 write!1, 3 finalize!2, 4 load!3, 5 abort!4, 6 uninstall!5",
  65538: "1 count, 2 pids, 3 short ids, 4 name, 5 statistics, 6 set state",
  131073:
    "1 write byte, 2 read and write!, 3 set chip select, 4 get chip select, 5 set rate, 6 get rate, 7 set phase, 8 get phase, 9 set polarity, 10 get polarity, 11 read!, 12 read and write in place!",
  131074:
    "1 read and write!, 2 chip select, 3 set phase, 4 get phase, 5 set polarity, 6 get polarity",
  131075: "1 write!, 2 read!, 3 write and read!",
  131077: "1 enable and attach!",
  131078:
    "1 write!, 2 read!, 3 listen!, 4 prepare read!, 5 stop listening, 6 set address, 7 write and read!",
  196608: "0 advertise, 1 stop, 2 set power, 5 scan!",
  196609:
    "1 status, 2 set short address, 3 set long address, 4 set PAN, 5 set channel, 6 set power, 7 commit configuration, 8 get short address, 9 get long address, 10 get PAN, 11 get channel, 12 get power, 13 most neighbours, 14 count neighbours, 15 neighbour's short address, 16 neighbour's long address, 17 add neighbour, 18 remove neighbour, 19 most keys, 20 count keys, 21 key level, 22 key identifier, 23 key, 24 add key, 25 remove key, 26 send!1, 27 send raw!1, 28 set long address, 29 get long address, 30 radio on, 31 radio off",
  196610: "1 interfaces, 2 send!1, 3 bind, 4 largest datagram",
  196614: "1 get",
  262145: "1 get bytes!",
  262146: "1 compute!",
  262147: "0 set algorithm, 1 run!, 2 update!, 3 finish!, 4 verify!1, 5 verify and finish!1",
  262149: "1 set algorithm, 2 run!",
  262150:
    "1 set algorithm, 2 set up!, 3 crypt!, 4 finish, 5 set associated data offset, 6 set message offset, 7 set tag length, 8 set confidential",
  327680: "1 write!",
  327681: "1 size, 2 read!, 3 write!1",
  327682: "1 is installed, 2 initialize!, 3 read block!, 4 write block!",
  327683: "1 get!, 2 set!, 3 delete!, 4 add!, 5 update!, 6 collect garbage!",
  327684: "1 size!, 2 read!1, 3 write!2",
  393216: "1 measure!",
  393217: "1 measure!",
  393218: "1 measure!",
  393220: "1 acceleration!, 100 magnetic field!, 200 rotation!",
  393221: "1 measure!, 2 measure beyond!",
  393222: "1 measure!, 2 enable, 3 disable",
  393223: "1 specify environment, 2 measure CO2!, 3 measure TVOC!",
  393224: "1 measure!",
  393225: "1 measure!, 2 minimum, 3 maximum",
  393226: "1 measure!",
  393227: "1 measure!",
  458752: "1 measure!",
  458756: "1 measure!",
  458757:
    "1 is present!, 2 power on!, 3 set scale!, 4 set filter!, 5 enable filter!, 6 rotation!, 7 temperature!",
  458758:
    "1 is present!, 2 set power mode!, 3 set scale!, 4 set magnetometer rate!, 5 set magnetometer range!",
  458760: "1 is present!, 2 set accelerometer rate!, 3 set gyroscope rate!",
  524291:
    "1 output!, 2 set!, 3 clear!, 4 toggle!, 5 input!, 6 read!, 7 enable interrupts!, 8 disable interrupts!, 9 disable!, 10 count",
  524292: "1 send!, 2 receive!, 3 reset",
  589824: "1 play!, 2 play now!, 3 stop",
  589825:
    "1 can be set up, 2 set power!, 3 set brightness!, 4 invert on!, 5 invert off!, 6 set invert!, 11 count resolutions, 12 resolution, 13 count pixel formats, 14 pixel format, 21 get rotation, 22 set rotation!, 23 get resolution, 24 set resolution!, 25 get pixel format, 26 set pixel format!, 100 set frame!, 200 write!, 300 fill!",
  589826:
    "1 enable, 2 disable, 10 acknowledge, 11 enable multi-touch, 12 disable multi-touch, 100 count fingers",
  589827:
    "1 size!, 2 display on!, 3 display off!, 4 blink on!, 5 blink off!, 6 show cursor!, 7 hide cursor!, 8 print!, 9 clear!, 10 home!, 11 set cursor!",
  589828: "1 show digit, 2 clear, 3 show dot, 4 show pattern, 5 count",
  589829: "1 send!, 2 receive!, 3 abort receive, 4 abort receive, 5 abort",
  589831: "1 get!, 2 set!",
  589832: "1 start, 2 read, 3 reset, 4 stop",
  589833: "1 count, 2 set angle, 3 get angle",
  629145: "1 decrypt!",
};

export interface Command {
  name: string;
  /** Number of the upcall that tells its result; `null` for a command that is done when it returns. */
  upcall: number | null;
}

const read = (table: string): Map<number, Command> =>
  new Map(
    table.split(", ").map(entry => {
      const [, number, name = "", mark] = /^(\d+) ([^!]+)(!\d*)?$/.exec(entry) ?? [];
      const upcall = mark === undefined ? null : Number(mark.slice(1));
      return [Number(number), { name, upcall }];
    }),
  );

const commands = new Map(Object.entries(tables).map(([driver, t]) => [Number(driver), read(t)]));

/** `undefined` for a driver or a command that Tock does not know. */
export function commandOf(driver: number, command: number): Command | undefined {
  const found = commands.get(driver)?.get(command);
  return found ?? (command === 0 ? { name: "exists", upcall: null } : undefined);
}

/** Any upcall of the driver may be the answer. */
export const ANY_UPCALL = -1;

/** The upcall that answers a command which has succeeded; of a driver that nobody knows, any may. */
export const answerOf = (driver: number, command: number): number | null =>
  commands.has(driver) || command === 0 ? (commandOf(driver, command)?.upcall ?? null) : ANY_UPCALL;
