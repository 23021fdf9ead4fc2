// Encrypts each line of the console with a key that only the kernel has: the encryption oracle of Tock's tutorials.
#include "tock.h"

enum { DRIVER_RNG = 0x40001, GET = 1 };
enum { DRIVER_ORACLE = 0x99999, CRYPT = 1, IV = 0, SOURCE = 1, DESTINATION = 0 };
enum { BLOCK = 16 };

// What others want: it stays here until the next line.
static char secret[4 * BLOCK];
static uint8_t iv[BLOCK];
static uint8_t ciphertext[sizeof secret];

static void typed(uint32_t error, __attribute__((unused)) uint32_t length, __attribute__((unused)) uint32_t c,
                  void* done) {
  *(volatile bool*)done = error == OK;
}

static size_t read_line(char* line, size_t size) {
  for (size_t length = 0; length < size;) {
    char key;
    volatile bool done = false;
    if (console_read(&key, 1, typed, (void*)&done) != OK) return length;
    while (!done) yield();
    if (key != '\r' && key != '\n') line[length++] = key;
    else if (length > 0) return length;
  }
  return size;
}

static bool randomize(uint8_t* bytes, size_t size) {
  allow_read_write(DRIVER_RNG, 0, bytes, size);
  if (error_of(command(DRIVER_RNG, GET, size, 0)) != OK) return false;
  yield_wait_for(DRIVER_RNG, 0);
  allow_read_write(DRIVER_RNG, 0, NULL, 0);
  return true;
}

static int encrypt(const char* text, size_t size) {
  allow_read_only(DRIVER_ORACLE, IV, iv, sizeof iv);
  allow_read_only(DRIVER_ORACLE, SOURCE, text, size);
  allow_read_write(DRIVER_ORACLE, DESTINATION, ciphertext, sizeof ciphertext);
  error_t error = error_of(command(DRIVER_ORACLE, CRYPT, 0, 0));
  return error == OK ? (int)yield_wait_for(DRIVER_ORACLE, 0).b : -(int)error;
}

static void show(const char* what, const uint8_t* bytes, int size) {
  printf("%s ", what);
  for (int i = 0; i < size; i++) printf("%02x", bytes[i]);
  printf("\n");
}

int main(void) {
  if (error_of(command(DRIVER_ORACLE, 0, 0, 0)) != OK) {
    printf("encryption_service: this board has no encryption oracle.\n");
    return NODEVICE;
  }
  for (;;) {
    printf("encryption_service: type a secret and Enter\n");
    memset(secret, 0, sizeof secret);
    size_t size = read_line(secret, sizeof secret);
    if (!randomize(iv, sizeof iv)) return FAIL;
    int length = encrypt(secret, size);
    if (length < 0) return -length;
    show("iv        ", iv, sizeof iv);
    show("ciphertext", ciphertext, length);
  }
}
