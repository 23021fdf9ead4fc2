//! Panics on demand: type a letter of the list. Built with `--cfg at_once`, it panics without being asked.
//! What the debugger says of each is in test/golden/crashes. README.md tells how it was built.
#![no_std]
#![no_main]

mod tock;

use core::cell::RefCell;
use core::panic::PanicInfo;
use tock::{Console, exit};

struct Crash {
    letter: u8,
    name: &'static str,
    run: fn(&mut Station),
}

/// A weather station that believes everything it is told.
struct Station {
    readings: [u16; 4],
    /// Number of the reading to show, as somebody else sent it.
    shown: usize,
    alarm: Option<u16>,
    log: RefCell<u32>,
}

#[derive(Debug)]
#[allow(dead_code)] // what is in it is for the message alone
enum SensorError {
    Silent { after_ms: u32 },
}

fn message(station: &mut Station) {
    let highest = station.readings.iter().max().copied().unwrap_or(0);
    panic!("reading {} is above {} tenths of a degree", station.shown, highest);
}

fn plain(_: &mut Station) {
    panic!("the station has no sensor");
}

fn index(station: &mut Station) {
    station.readings[3] = station.readings[station.shown];
}

fn unwrap(station: &mut Station) {
    station.readings[0] = station.alarm.unwrap();
}

#[inline(never)]
fn measure(after_ms: u32) -> Result<u16, SensorError> {
    if after_ms > 10 { Err(SensorError::Silent { after_ms }) } else { Ok(0) }
}

fn expect(station: &mut Station) {
    station.readings[0] = measure(station.shown as u32).expect("a reading");
}

fn overflow(station: &mut Station) {
    station.readings[0] += station.shown as u16 * 1000;
}

fn divide(station: &mut Station) {
    station.readings[0] /= station.alarm.unwrap_or(0);
}

fn assert(station: &mut Station) {
    assert_eq!(station.readings[0], station.readings[1]);
}

fn slice(station: &mut Station) {
    let sum = station.readings[..station.shown].iter().sum();
    station.readings[0] = sum;
}

fn borrow(station: &mut Station) {
    let entries = station.log.borrow_mut();
    *station.log.borrow_mut() += *entries;
}

const CRASHES: [Crash; 10] = [
    Crash { letter: b'm', name: "message", run: message },
    Crash { letter: b'p', name: "plain", run: plain },
    Crash { letter: b'i', name: "index", run: index },
    Crash { letter: b'u', name: "unwrap", run: unwrap },
    Crash { letter: b'e', name: "expect", run: expect },
    Crash { letter: b'o', name: "overflow", run: overflow },
    Crash { letter: b'd', name: "divide", run: divide },
    Crash { letter: b'a', name: "assert", run: assert },
    Crash { letter: b's', name: "slice", run: slice },
    Crash { letter: b'b', name: "borrow", run: borrow },
];

#[unsafe(no_mangle)]
extern "C" fn main() -> ! {
    let mut station = Station {
        readings: [215, 214, 198, 203],
        shown: tock::opaque(70),
        alarm: tock::opaque(None),
        log: RefCell::new(0),
    };
    if cfg!(at_once) {
        message(&mut station);
    }
    for crash in &CRASHES {
        Console.print(&[crash.letter, b':', b' ']);
        Console.print(crash.name.as_bytes());
        Console.print(b"\n");
    }
    loop {
        let typed = Console.read();
        if typed == b'q' {
            exit(0);
        }
        if let Some(crash) = CRASHES.iter().find(|crash| crash.letter == typed) {
            (crash.run)(&mut station);
        }
    }
}

/// As the one of libtock-rs does: says why, and ends with the error code FAIL.
#[panic_handler]
fn panic_handler(info: &PanicInfo) -> ! {
    use core::fmt::Write;
    let _ = writeln!(Console, "{info}");
    exit(1);
}
