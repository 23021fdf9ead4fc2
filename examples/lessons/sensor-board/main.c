// The Tock book's Sensor Board: asks which sensors there are, reads them every two seconds and toggles an LED each time.
#include "tock.h"

enum { EXISTS = 0, READ = 1, PERIOD_MS = 2000 };

typedef struct {
  const char* name;
  const char* unit;
  uint32_t driver;
  bool present;
  int value;
} sensor_t;

static sensor_t sensors[] = {
  { .name = "temperature", .unit = "hundredths of a degree", .driver = 0x60000 },
  { .name = "humidity", .unit = "hundredths of a percent", .driver = 0x60001 },
  { .name = "light", .unit = "lux", .driver = 0x60002 },
  { .name = "pressure", .unit = "hectopascals", .driver = 0x60008 },
};
enum { SENSORS = sizeof sensors / sizeof sensors[0] };

// Every driver answers command 0, if the board has it.
static int discover(void) {
  int present = 0;
  for (int i = 0; i < SENSORS; i++) {
    error_t error      = error_of(command(sensors[i].driver, EXISTS, 0, 0));
    sensors[i].present = error == OK;
    present += sensors[i].present;
    printf("%s: %s\n", sensors[i].name, error == OK ? "there" : "not on this board");
  }
  return present;
}

static error_t take_measurement(sensor_t* sensor) {
  error_t error = error_of(command(sensor->driver, READ, 0, 0));
  if (error != OK) return error;
  sensor->value = (int)yield_wait_for(sensor->driver, 0).a;
  return OK;
}

int main(void) {
  if (discover() == 0) return NODEVICE;
  for (bool on = true;; on = !on) {
    for (int i = 0; i < SENSORS; i++) {
      if (!sensors[i].present || take_measurement(&sensors[i]) != OK) continue;
      printf("%s %d %s\n", sensors[i].name, sensors[i].value, sensors[i].unit);
    }
    led_set(0, on);
    sleep_ms(PERIOD_MS);
  }
}
