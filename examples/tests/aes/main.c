// AES: driver 0x40006 crypts with AES-128 in several modes.
#include "tock.h"

enum { DRIVER_AES = 0x40006, MODE = 1, SET_UP, CRYPT, FINISH, CTR = 0, CBC, ECB };

// NIST SP 800-38A, appendix F.
static const uint8_t key[16] = {0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6,
                                0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c};
static const uint8_t plain[16] = {0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40, 0x9f, 0x96,
                                  0xe9, 0x3d, 0x7e, 0x11, 0x73, 0x93, 0x17, 0x2a};
static uint8_t iv[16];
static uint8_t output[16];

static void crypt(const char* name, int mode, int encrypt, const uint8_t* source) {
  command(DRIVER_AES, MODE, mode, encrypt);
  allow_read_only(DRIVER_AES, 0, key, sizeof key);
  allow_read_only(DRIVER_AES, 1, iv, sizeof iv);
  allow_read_only(DRIVER_AES, 2, source, 16);
  allow_read_write(DRIVER_AES, 0, output, sizeof output);
  printf("%s: %d ", name, error_of(command(DRIVER_AES, SET_UP, 0, 0)));
  syscall_return_t done = yield_wait_for(DRIVER_AES, 0);
  printf("%u %u ", (unsigned)done.a, (unsigned)done.b);
  for (int i = 0; i < 16; i++) printf("%02x", output[i]);
  printf(" %d\n", error_of(command(DRIVER_AES, FINISH, 0, 0)));
}

int main(void) {
  printf("exists: %d\n", error_of(command(DRIVER_AES, 0, 0, 0)));
  printf("no mode: %d\n", error_of(command(DRIVER_AES, SET_UP, 0, 0)));
  printf("not set up: %d\n", error_of(command(DRIVER_AES, CRYPT, 0, 0)));
  for (int i = 0; i < 16; i++) iv[i] = i;
  crypt("CBC", CBC, 1, plain);
  for (int i = 0; i < 16; i++) iv[i] = 0xf0 + i;
  crypt("CTR", CTR, 1, plain);
  crypt("ECB", ECB, 1, plain);
  static uint8_t cipher[16];
  memcpy(cipher, output, 16);
  crypt("back", ECB, 0, cipher);
  printf("unknown mode: %d\n", error_of(command(DRIVER_AES, MODE, 5, 0)));
  printf("unknown command: %d\n", error_of(command(DRIVER_AES, 9, 0, 0)));
  return 0;
}
