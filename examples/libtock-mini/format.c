// printf: the text is made in a buffer of 128 bytes that is written to the console whenever it is full.
#include "tock.h"

struct output {
  char buffer[128];
  size_t used;
  int total;
};

static void flush(struct output* out) {
  if (out->used > 0) console_write(out->buffer, out->used);
  out->used = 0;
}

static void put(struct output* out, char c) {
  if (out->used == sizeof out->buffer) flush(out);
  out->buffer[out->used++] = c;
  out->total++;
}

struct field {
  int width;
  bool left;
  bool zeros;
};

// `sign` is '-' or 0; zeros go between it and the digits, blanks around both.
static void put_field(struct output* out, struct field field, char sign, const char* text, int length) {
  int padding = field.width - length - (sign != 0);
  if (!field.left && !field.zeros) while (padding-- > 0) put(out, ' ');
  if (sign) put(out, sign);
  if (field.zeros && !field.left) while (padding-- > 0) put(out, '0');
  for (int i = 0; i < length; i++) put(out, text[i]);
  if (field.left) while (padding-- > 0) put(out, ' ');
}

// Divides a 64-bit number in place by a small one, bit by bit, and returns the remainder: no library needed.
static uint32_t divide(uint64_t* number, uint32_t by) {
  if (*number >> 32 == 0) {
    uint32_t low = (uint32_t)*number;
    *number = low / by;
    return low % by;
  }
  uint64_t quotient  = 0;
  uint32_t remainder = 0;
  for (int bit = 63; bit >= 0; bit--) {
    remainder = remainder << 1 | (uint32_t)(*number >> bit & 1);
    if (remainder >= by) {
      remainder -= by;
      quotient |= 1ull << bit;
    }
  }
  *number = quotient;
  return remainder;
}

static void put_number(struct output* out, struct field field, char sign, uint64_t number, int base, char ten) {
  char digits[20];
  int at = sizeof digits;
  do {
    uint32_t digit = divide(&number, (uint32_t)base);
    digits[--at] = (char)(digit < 10 ? '0' + digit : ten + digit - 10);
  } while (number > 0);
  put_field(out, field, sign, &digits[at], (int)sizeof digits - at);
}

static int print(const char* format, __builtin_va_list arguments) {
  struct output out;
  out.used  = 0;
  out.total = 0;
  for (; *format != '\0'; format++) {
    if (*format != '%') {
      put(&out, *format);
      continue;
    }
    struct field field = { 0, false, false };
    int longs          = 0;
    for (format++; *format == '-' || *format == '0'; format++) {
      if (*format == '-') field.left = true;
      else field.zeros = true;
    }
    for (; *format >= '0' && *format <= '9'; format++) field.width = field.width * 10 + *format - '0';
    for (; *format == 'l' || *format == 'h' || *format == 'z'; format++) longs += *format == 'l';
    switch (*format) {
      case 'd':
      case 'i': {
        int64_t value = longs > 1 ? __builtin_va_arg(arguments, int64_t) : __builtin_va_arg(arguments, int32_t);
        put_number(&out, field, value < 0 ? '-' : 0, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10, 'a');
        break;
      }
      case 'u':
      case 'x':
      case 'X': {
        uint64_t value = longs > 1 ? __builtin_va_arg(arguments, uint64_t) : __builtin_va_arg(arguments, uint32_t);
        put_number(&out, field, 0, value, *format == 'u' ? 10 : 16, *format == 'X' ? 'A' : 'a');
        break;
      }
      case 'p':
        put(&out, '0');
        put(&out, 'x');
        put_number(&out, field, 0, __builtin_va_arg(arguments, uint32_t), 16, 'a');
        break;
      case 'c': {
        char c = (char)__builtin_va_arg(arguments, int);
        put_field(&out, field, 0, &c, 1);
        break;
      }
      case 's': {
        const char* text = __builtin_va_arg(arguments, const char*);
        put_field(&out, field, 0, text, (int)strlen(text));
        break;
      }
      case '\0':
        format--;
        break;
      default:
        put(&out, *format);
    }
  }
  flush(&out);
  return out.total;
}

int printf(const char* format, ...) {
  __builtin_va_list arguments;
  __builtin_va_start(arguments, format);
  int total = print(format, arguments);
  __builtin_va_end(arguments);
  return total;
}
