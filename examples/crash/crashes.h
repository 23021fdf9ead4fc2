// One function for each way in which an app can crash, by a letter and by the name that the debugger has for it.
#pragma once

struct crash {
  char letter;
  const char* name;
  void (*run)(void);
};

#define CRASHES 21
extern const struct crash crashes[CRASHES];
