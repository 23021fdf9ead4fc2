// The memory functions that compilers call on their own, and strlen; byte by byte, for readers rather than for speed.
#include "tock.h"

void* memcpy(void* restrict to, const void* restrict from, size_t size) {
  char* out      = to;
  const char* in = from;
  while (size-- > 0) *out++ = *in++;
  return to;
}

void* memmove(void* to, const void* from, size_t size) {
  if ((uintptr_t)to - (uintptr_t)from >= size) return memcpy(to, from, size);
  char* out      = (char*)to + size;
  const char* in = (const char*)from + size;
  while (size-- > 0) *--out = *--in;
  return to;
}

void* memset(void* to, int byte, size_t size) {
  char* out = to;
  while (size-- > 0) *out++ = (char)byte;
  return to;
}

int memcmp(const void* left, const void* right, size_t size) {
  const uint8_t* a = left;
  const uint8_t* b = right;
  for (; size-- > 0; a++, b++) {
    if (*a != *b) return *a - *b;
  }
  return 0;
}

size_t strlen(const char* text) {
  size_t length = 0;
  while (text[length] != '\0') length++;
  return length;
}
