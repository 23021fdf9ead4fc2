// A small weather station that measures nothing but has a variable of every kind to look at.
//
// Good places for a breakpoint: the line of report() that prints, insert() to see the stack grow with the tree, and
// the last line of measure(). Try `station.history[0]`, `*best`, `tree->left` and `ticks` in the Watch view.
#include "tock.h"

enum sky { CLEAR, CLOUDY, RAIN, SNOW };

static const char* const sky_names[] = { "clear", "cloudy", "rain", "snow" };

// Four bytes that can be seen in three ways.
union sample {
  uint32_t word;
  uint8_t bytes[4];
  struct {
    int16_t temperature; // tenths of a degree
    uint16_t humidity;   // tenths of a percent
  } parts;
};

struct reading {
  uint32_t number;
  enum sky sky;
  union sample sample;
};

#define HISTORY 4

// Variables of the whole program: some with a value from the start, some zero.
static struct {
  char name[12];
  struct reading history[HISTORY];
  struct reading* latest;
  bool raining : 1;
  unsigned int wet_days : 7;
} station = { .name = "Palo Alto" };

static uint64_t ticks = 0xfffffff0;     // passes 32 bits soon
static int32_t grid[2][3] = { { 1, 2, 3 }, { -1, -2, -3 } };

// A sorted tree of temperatures; each node points to two more.
struct node {
  int32_t key;
  struct node* left;
  struct node* right;
};

static struct node nodes[8];
static size_t used;

// Calls itself until it finds the place: look at the call stack.
static struct node* insert(struct node* tree, int32_t key) {
  if (tree == NULL) {
    struct node* fresh = &nodes[used++];
    fresh->key = key;
    return fresh;
  }
  if (key < tree->key) {
    tree->left = insert(tree->left, key);
  } else {
    tree->right = insert(tree->right, key);
  }
  return tree;
}

static int32_t sum(const struct node* tree) {
  if (tree == NULL) return 0;
  int32_t left  = sum(tree->left);
  int32_t right = sum(tree->right);
  return left + tree->key + right;
}

// The same sequence each time, so that a session can be repeated.
static uint32_t next_random(void) {
  static uint32_t state = 12345;
  state = state * 1664525 + 1013904223;
  return state >> 16;
}

static struct reading measure(uint32_t number) {
  struct reading reading;
  reading.number = number;
  reading.sky    = (enum sky)(next_random() % 4);
  reading.sample.parts.temperature = (int16_t)(next_random() % 400) - 100;
  reading.sample.parts.humidity    = (uint16_t)(next_random() % 1000);
  return reading;
}

static void report(const struct reading* reading) {
  const char* sky  = sky_names[reading->sky];
  int32_t tenths   = reading->sample.parts.temperature;
  char sign        = tenths < 0 ? '-' : '+';
  uint32_t size    = (uint32_t)(tenths < 0 ? -tenths : tenths);
  printf("%s %lu: %c%lu.%lu C, %s\n", station.name, (unsigned long)reading->number, sign,
         (unsigned long)(size / 10), (unsigned long)(size % 10), sky);
}

int main(void) {
  struct node* tree          = NULL;
  const struct reading* best = NULL;

  for (uint32_t day = 1; day <= 6; day++) {
    struct reading* slot = &station.history[day % HISTORY];
    *slot = measure(day);
    station.latest  = slot;
    station.raining = slot->sky == RAIN;
    if (station.raining) station.wet_days++;

    tree   = insert(tree, slot->sample.parts.temperature);
    ticks += (uint64_t)day << 4;
    grid[day % 2][day % 3] += (int32_t)day;
    if (best == NULL || slot->sample.parts.temperature >= best->sample.parts.temperature) best = slot;
    report(slot);
    sleep_ms(100);
  }

  int32_t total = sum(tree);
  printf("%u wet days, %ld in sum, best on day %lu, tick %llu\n", station.wet_days, (long)total,
         (unsigned long)best->number, ticks);
  return 0;
}
