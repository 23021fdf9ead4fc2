// A program for a bare Cortex-M core: checksums, sorting, a matrix, a state machine and strings. It checks its own
// result and ends through semihosting with exit code 0 if it is right. The tests and the benchmark run it.
// Vector 7 is the number of rounds, so that a benchmark can ask for more.
#include <stdint.h>

#define ROUNDS 3
#define EXPECTED 0x1F0A8C22u
#define COUNT 96

extern uint32_t _stack_end, _data_start, _data_end, _data_load, _bss_start, _bss_end;
int main(void);
void reset(void);
static void fault(void);

__attribute__((section(".vectors"), used)) static const void *const vectors[16] = {
    &_stack_end, reset, fault, fault, fault, fault, fault, (void *)ROUNDS, 0, 0, 0, fault, fault, 0, fault, fault,
};

struct node {
  struct node *next;
  int32_t key;
};

static uint32_t seed;
static int32_t numbers[COUNT];
static struct node nodes[COUNT];
static int16_t left[8][8], right[8][8];
static int32_t product[8][8];
static char text[256];
static const char *const words[] = {"tock", "kernel", "grant", "capsule", "upcall", "yield", "allow", "subscribe"};
static uint32_t compared = 1;

static uint32_t next_random(void) {
  seed ^= seed << 13;
  seed ^= seed >> 17;
  seed ^= seed << 5;
  return seed;
}

static uint32_t crc32(const uint8_t *bytes, uint32_t length, uint32_t crc) {
  crc = ~crc;
  while (length--) {
    crc ^= *bytes++;
    for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
  }
  return ~crc;
}

static int ascending(int32_t a, int32_t b) {
  compared++;
  return (a > b) - (a < b);
}

static int descending(int32_t a, int32_t b) { return ascending(b, a); }

static void quicksort(int32_t *values, int low, int high, int (*compare)(int32_t, int32_t)) {
  while (low < high) {
    int32_t pivot = values[(low + high) / 2];
    int i = low, j = high;
    while (i <= j) {
      while (compare(values[i], pivot) < 0) i++;
      while (compare(values[j], pivot) > 0) j--;
      if (i <= j) {
        int32_t swap = values[i];
        values[i++] = values[j];
        values[j--] = swap;
      }
    }
    quicksort(values, low, j, compare);
    low = i;
  }
}

static struct node *merge_sort(struct node *list) {
  if (!list || !list->next) return list;
  struct node *slow = list, *fast = list->next;
  while (fast && fast->next) slow = slow->next, fast = fast->next->next;
  struct node *a = list, *b = slow->next, *head = 0, **tail = &head;
  slow->next = 0;
  a = merge_sort(a), b = merge_sort(b);
  while (a && b) {
    struct node **smaller = a->key <= b->key ? &a : &b;
    *tail = *smaller, tail = &(*smaller)->next, *smaller = *tail;
  }
  *tail = a ? a : b;
  return head;
}

static uint32_t sorting(void) {
  for (int i = 0; i < COUNT; i++) {
    numbers[i] = (int32_t)next_random() >> 8;
    nodes[i].key = (int32_t)next_random();
    nodes[i].next = i + 1 < COUNT ? &nodes[i + 1] : 0;
  }
  quicksort(numbers, 0, COUNT - 1, next_random() & 1 ? ascending : descending);
  uint32_t sum = crc32((const uint8_t *)numbers, sizeof numbers, compared);
  for (struct node *n = merge_sort(nodes); n; n = n->next) sum = sum * 31 + (uint32_t)n->key;
  return sum;
}

static uint32_t matrix(void) {
  for (int i = 0; i < 8; i++)
    for (int j = 0; j < 8; j++) left[i][j] = (int16_t)next_random(), right[i][j] = (int16_t)(next_random() >> 7);
  uint32_t sum = 0;
  for (int i = 0; i < 8; i++)
    for (int j = 0; j < 8; j++) {
      int32_t cell = 0;
      for (int k = 0; k < 8; k++) cell += left[i][k] * right[k][j];
      product[i][j] = cell / 7 + cell % 11;
      sum += (uint32_t)product[i][j];
    }
  uint64_t wide = (uint64_t)sum * seed;
  return (uint32_t)(wide >> 32) ^ (uint32_t)wide;
}

enum state { START, SIGN, INTEGER, FRACTION, EXPONENT, BAD };

static enum state step(enum state state, char c) {
  int digit = c >= '0' && c <= '9';
  switch (state) {
    case START: return digit ? INTEGER : c == '-' ? SIGN : c == '.' ? FRACTION : BAD;
    case SIGN: return digit ? INTEGER : BAD;
    case INTEGER: return digit ? INTEGER : c == '.' ? FRACTION : c == 'e' ? EXPONENT : BAD;
    case FRACTION: return digit ? FRACTION : c == 'e' ? EXPONENT : BAD;
    case EXPONENT: return digit || c == '-' ? EXPONENT : BAD;
    default: return c == ' ' ? START : BAD;
  }
}

static char *put_number(char *out, uint32_t value) {
  char digits[10];
  int n = 0;
  do digits[n++] = (char)('0' + value % 10), value /= 10;
  while (value);
  while (n) *out++ = digits[--n];
  return out;
}

static char *put_word(char *out, const char *word) {
  while (*word) *out++ = *word++;
  return out;
}

static uint32_t strings(void) {
  char *out = text;
  while (out < text + sizeof text - 32) {
    out = put_word(out, words[next_random() & 7]);
    *out++ = "-.e "[next_random() & 3];
    out = put_number(out, next_random() >> (next_random() & 31));
    *out++ = ' ';
  }
  *out = 0;
  static uint32_t counts[BAD + 1];
  for (int i = START; i <= BAD; i++) counts[i] = 0;
  uint32_t hash = 5381;
  enum state state = START;
  for (const char *c = text; *c; c++) {
    counts[state = step(state, *c)]++;
    hash = hash * 33 ^ (uint32_t)*c;
  }
  return crc32((const uint8_t *)counts, sizeof counts, hash);
}

static uint32_t round_of_all(void) {
  seed = 0x2545F491;
  compared = 1;
  uint32_t sum = sorting();
  sum = sum * 16777619u ^ matrix();
  for (int i = 0; i < 4; i++) sum = sum * 16777619u ^ strings();
  return sum;
}

__attribute__((noreturn)) static void leave(uint32_t code) {
  static uint32_t block[2];
  block[0] = 0x20026;
  block[1] = code;
  for (;;) {
    register uint32_t operation __asm__("r0") = 0x20;
    register uint32_t *argument __asm__("r1") = block;
    __asm__ volatile("bkpt 0xab" : "+r"(operation) : "r"(argument) : "memory");
  }
}

static void fault(void) { leave(2); }

volatile uint32_t result;

int main(void) {
  uint32_t rounds = (uint32_t)(uintptr_t)((const void *const volatile *)vectors)[7];
  while (rounds--) {
    result = round_of_all();
    if (result != EXPECTED) return 1;
  }
  return 0;
}

void reset(void) {
  for (uint32_t *from = &_data_load, *to = &_data_start; to < &_data_end;) *to++ = *from++;
  for (uint32_t *to = &_bss_start; to < &_bss_end;) *to++ = 0;
  leave((uint32_t)main());
}
