// Hand-written corner cases for both machines: traps, faults and their status, priorities, MPU, privilege, stack alignment.
// `code` is what `source` assembles to. Not here, because QEMU 7.2 differs from the manual: CCR.UNALIGN_TRP (ignored there),
// accesses that straddle MPU regions (only their first byte is checked there).

export interface Corner {
  name: string;
  architectures: readonly (6 | 7)[];
  source: string;
  code: string;
}

// biome-ignore-start format: one line of source, one of code
export const CORNERS: readonly Corner[] = [
  {
    name: "division by zero with and without DIV_0_TRP",
    architectures: [7],
    source:
      "movs r5,#0; movs r4,#9; udiv r3,r4,r5; movw r0,#0xed14; movt r0,#0xe000; ldr r1,[r0]; orr r2,r1,#16; str r2,[r0]; udiv r3,r4,r5; sdiv r6,r4,r5; udiv r7,r4,r4; str r1,[r0]",
    code: "2500 2409 fbb4 f3f5 f64e 5014 f2ce 0000 6801 f041 0210 6002 fbb4 f3f5 fb94 f6f5 fbb4 f7f4 6001",
  },
  {
    name: "division of the smallest by -1",
    architectures: [7],
    source: "mov r0,#0x80000000; mvn r1,#0; sdiv r2,r0,r1; udiv r3,r0,r1; sdiv r4,r1,r0",
    code: "f04f 4000 f06f 0100 fb90 f2f1 fbb0 f3f1 fb91 f4f0",
  },
  {
    name: "unaligned LDM, STM, LDRD, STRD, LDREX, and a base in the list",
    architectures: [7],
    source:
      "movw r6,#0x3102; movt r6,#0x2000; ldm r6,{r0,r6}; stm r6!,{r0,r1}; ldrd r0,r1,[r6]; strd r0,r1,[r6,#4]!; ldrex r0,[r6]; ldrexh r1,[r6]; ldrexb r2,[r6]; ldmdb r6!,{r3,r4}; adds r6,#1; ldrexh r3,[r6]",
    code: "f243 1602 f2c2 0600 ce41 c603 e9d6 0100 e9e6 0101 e856 0f00 e8d6 1f5f e8d6 2f4f e936 0018 3601 e8d6 3f5f",
  },
  {
    name: "loads and stores where nothing is",
    architectures: [7],
    source:
      "mov r6,#0xb0000000; ldr r0,[r6]; ldrb r1,[r6,#1]; str r0,[r6,#8]!; strh r0,[r6],#2; ldm r6!,{r0-r3}; stmdb r6!,{r0-r3}; ldrd r0,r1,[r6]; ldr r6,[r6]",
    code: "f04f 4630 6830 7871 f846 0f08 f826 0b02 ce0f e926 000f e9d6 0100 6836",
  },
  {
    name: "a load multiple that ends where nothing is",
    architectures: [7],
    source: "movw r6,#0x3ff8; movt r6,#0x2000; ldm r6,{r0,r1}; mov r7,#0xb0000000; sub r7,r7,#4",
    code: "f643 76f8 f2c2 0600 e896 0003 f04f 4730 f1a7 0704",
  },
  {
    name: "faults with their own handlers enabled",
    architectures: [7],
    source:
      "movw r0,#0xed24; movt r0,#0xe000; mov r1,#0x70000; str r1,[r0]; udf #1; mov r6,#0xb0000000; ldr r2,[r6]; mcr p7,0,r1,c0,c0,0; movs r3,#3; ldrex r4,[r3]; movs r1,#0; str r1,[r0]; udf #2",
    code: "f64e 5024 f2ce 0000 f44f 21e0 6001 de01 f04f 4630 6832 ee00 1710 2303 e853 4f00 2100 6001 de02",
  },
  {
    name: "enabled faults and SVC behind PRIMASK",
    architectures: [7],
    source:
      "movw r0,#0xed24; movt r0,#0xe000; mov r1,#0x70000; str r1,[r0]; cpsid i; udf #1; nop; svc 5; nop; nop; mov r6,#0xb0000000; str r1,[r6]; cpsie i; movs r1,#0; str r1,[r0]",
    code: "f64e 5024 f2ce 0000 f44f 21e0 6001 b672 de01 bf00 df05 bf00 bf00 f04f 4630 6031 b662 2100 6001",
  },
  {
    name: "a UsageFault behind BASEPRI",
    architectures: [7],
    source:
      "movw r0,#0xed24; movt r0,#0xe000; mov r1,#0x70000; str r1,[r0]; movw r2,#0xed18; movt r2,#0xe000; mov r3,#0x400000; str r3,[r2]; udf #1; movs r4,#0x20; msr basepri,r4; udf #2; movs r4,#0x60; msr basepri,r4; udf #3; movs r1,#0; msr basepri,r1; str r1,[r2]; str r1,[r0]",
    code: "f64e 5024 f2ce 0000 f44f 21e0 6001 f64e 5218 f2ce 0200 f44f 0380 6013 de01 2420 f384 8811 de02 2460 f384 8811 de03 2100 f381 8811 6011 6001",
  },
  {
    name: "a region of the MPU without access",
    architectures: [7],
    source:
      "movw r0,#0xed94; movt r0,#0xe000; movw r1,#0x3080; movt r1,#0x2000; orr r2,r1,#16; str r2,[r0,#8]; movw r3,#0x0009; movt r3,#0x1000; str r3,[r0,#12]; movs r4,#5; str r4,[r0]; dsb; isb; ldr r5,[r1]; ldrb r5,[r1,#31]; ldr r5,[r1,#32]; ldrt r5,[r1,#64]; sub r6,r1,#8; stm r6!,{r0,r2-r4}; ldmdb r6!,{r7}; movs r4,#0; str r4,[r0]; str r4,[r0,#12]; ldr r5,[r1]",
    code: "f64e 5094 f2ce 0000 f243 0180 f2c2 0100 f041 0210 6082 f240 0309 f2c1 0300 60c3 2405 6004 f3bf 8f4f f3bf 8f6f 680d 7fcd 6a0d f851 5e40 f1a1 0608 c61d f856 7d04 2400 6004 60c4 680d",
  },
  {
    name: "a read-only region of the MPU",
    architectures: [7],
    source:
      "movw r0,#0xed94; movt r0,#0xe000; movw r1,#0x3100; movt r1,#0x2000; orr r2,r1,#17; str r2,[r0,#8]; movw r3,#0x000f; movt r3,#0x0600; str r3,[r0,#12]; movs r4,#5; str r4,[r0]; dsb; isb; ldr r5,[r1,#4]; str r5,[r1,#8]; strex r6,r5,[r1]; ldrex r6,[r1]; strex r6,r5,[r1]; movs r4,#0; str r4,[r0]; str r4,[r0,#12]",
    code: "f64e 5094 f2ce 0000 f243 1100 f2c2 0100 f041 0211 6082 f240 030f f2c0 6300 60c3 2405 6004 f3bf 8f4f f3bf 8f6f 684d 608d e841 5600 e851 6f00 e841 5600 2400 6004 60c4",
  },
  {
    name: "privileged registers and addresses from unprivileged code",
    architectures: [7],
    source:
      "movs r0,#3; msr control,r0; isb; mrs r1,msp; mrs r2,primask; cpsid i; mrs r3,control; movs r0,#0; msr control,r0; mrs r4,control; mrs r5,ipsr; mrs r8,apsr; movw r6,#0xed00; movt r6,#0xe000; ldr r7,[r6]; str r7,[r6,#8]; msr basepri,r0",
    code: "2003 f380 8814 f3bf 8f6f f3ef 8108 f3ef 8210 b672 f3ef 8314 2000 f380 8814 f3ef 8414 f3ef 8505 f3ef 8800 f64e 5600 f2ce 0600 6837 60b7 f380 8811",
  },
  {
    name: "LDRT and STRT at the private peripheral bus",
    architectures: [7],
    source:
      "movw r6,#0xed14; movt r6,#0xe000; ldr r0,[r6]; ldrt r1,[r6]; strt r1,[r6,#8]; ldrbt r2,[r6,#1]",
    code: "f64e 5614 f2ce 0600 6830 f856 1e00 f846 1e08 f816 2e01",
  },
  {
    name: "faults inside an IT block",
    architectures: [7],
    source:
      "cmp r0,r0; itete eq; addeq r1,#1; addne r1,#2; udfeq #1; addne r2,#3; mov r6,#0xb0000000; itt eq; ldreq r3,[r6]; addeq r4,#1; cmp r0,r0; it ne; udfne #3; ite eq; svceq 7; addne r5,#1",
    code: "4280 bf0b 3101 3102 de01 3203 f04f 4630 bf04 6833 3401 4280 bf18 de03 bf0c df07 3501",
  },
  {
    name: "stacking without STKALIGN",
    architectures: [7],
    source:
      "movw r0,#0xed14; movt r0,#0xe000; ldr r1,[r0]; bic r2,r1,#0x200; str r2,[r0]; svc 5; sub sp,#4; svc 6; str r1,[r0]; svc 7; sub sp,#4; svc 8",
    code: "f64e 5014 f2ce 0000 6801 f421 7200 6002 df05 b081 df06 6001 df07 b081 df08",
  },
  {
    name: "stack alignment",
    architectures: [6, 7],
    source: "svc 5; sub sp,#4; svc 6; push {r0}; udf #1; pop {r1}",
    code: "df05 b081 df06 b401 de01 bc02",
  },
  {
    name: "branches to even addresses",
    architectures: [7],
    source:
      "adr r0,1f; blx r0; 1: nop; .balign 4; adr r1,2f; push {r1}; pop {pc}; nop; .balign 4; 2: adr r2,3f; mov pc,r2; nop; .balign 4; 3: nop",
    code: "a000 4780 bf00 bf00 a101 b402 bd00 bf00 a201 4697 bf00 bf00 bf00 bf00",
  },
  {
    name: "a branch to where nothing may be executed",
    architectures: [7],
    source: "mov r0,#0x40000000; orr r0,#1; bx r0",
    code: "f04f 4080 f040 0001 4700",
  },
  {
    name: "a branch to EXC_RETURN in Thread mode",
    architectures: [7],
    source: "mvn r0,#2; bx r0",
    code: "f06f 0002 4700",
  },
  {
    name: "loads and stores where nothing is, on ARMv6-M",
    architectures: [6],
    source:
      "movs r6,#0xb; lsls r6,r6,#28; ldr r0,[r6]; ldrb r1,[r6,#1]; str r0,[r6,#8]; ldm r6!,{r0-r3}; stm r6!,{r0-r3}",
    code: "260b 0736 6830 7871 60b0 ce0f c60f",
  },
  {
    name: "unaligned accesses on ARMv6-M",
    architectures: [6],
    source:
      "mov r6,sp; adds r6,#1; ldr r0,[r6]; ldrh r1,[r6]; str r0,[r6]; strh r0,[r6,#2]; ldm r6!,{r0,r1}; ldrb r2,[r6]",
    code: "466e 3601 6830 8831 6030 8070 ce03 7832",
  },
];
// biome-ignore-end format: one line of source, one of code
