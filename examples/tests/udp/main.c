// UDP: interfaces, a bound port, a datagram of several fragments sent and one received.
#include "tock.h"

enum { RADIO = 0x30001, UDP = 0x30002 };

typedef struct {
  uint8_t address[16];
  uint8_t port[2];
} endpoint_t;

static uint8_t interfaces[3 * 16];
static endpoint_t send_configuration[2];
static endpoint_t receive_configuration[2];
static uint8_t datagram[150];
static uint8_t received[16];

static void set_port(endpoint_t* endpoint, uint32_t port) {
  endpoint->port[0] = port;
  endpoint->port[1] = port >> 8;
}

static int send(uint32_t length) {
  allow_read_write(UDP, 1, send_configuration, sizeof send_configuration);
  allow_read_only(UDP, 0, datagram, length);
  error_t error = error_of(command(UDP, 2, 0, 0));
  return error ? (int)error : (int)yield_wait_for(UDP, 1).a;
}

int main(void) {
  command(RADIO, 30, 0, 0);
  printf("exists: %d, at most %d bytes\n", error_of(command(UDP, 0, 0, 0)),
         (int)command(UDP, 4, 0, 0).a);
  allow_read_write(UDP, 1, interfaces, sizeof interfaces);
  printf("interfaces: %d", (int)command(UDP, 1, 3, 0).a);
  printf(", first %02x%02x::%02x%02x\n", interfaces[0], interfaces[1], interfaces[8],
         interfaces[9]);
  printf("unbound: %d\n", send(10));
  memcpy(receive_configuration[1].address, interfaces, 16);
  set_port(&receive_configuration[1], 1234);
  allow_read_write(UDP, 2, receive_configuration, sizeof receive_configuration);
  printf("bind: %d\n", error_of(command(UDP, 3, 0, 0)));
  printf("again: %d\n", error_of(command(UDP, 3, 0, 0)));
  send_configuration[0] = receive_configuration[1];
  memcpy(send_configuration[1].address, interfaces + 16, 16);
  set_port(&send_configuration[1], 5678);
  for (uint32_t i = 0; i < sizeof datagram; i++)
    datagram[i] = i;
  printf("send: %d\n", send(20));
  printf("send in fragments: %d\n", send(sizeof datagram));
  allow_read_write(UDP, 0, received, sizeof received);
  printf("received: %d bytes", (int)yield_wait_for(UDP, 0).a);
  printf(" from port %d: %s\n", receive_configuration[0].port[0] << 8 | receive_configuration[0].port[1],
         (char*)received);
  return 0;
}
