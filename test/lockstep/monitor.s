@ The guest side of the lockstep tests: runs sequences one after the other, and writes what each leaves to standard output.
@ monitor.ts holds its halfwords. VARS: entry, end of flash, round, result, hash of faults, their number, then semihosting.
.syntax unified
.cpu cortex-m0
.thumb
.equ VARS, 0x20002000
.equ RESULTS, 0x20000000
.equ RESULTS_END, 0x20001800
.equ SCRATCH, 0x20003000
.equ SCRATCH_END, 0x20003400
reset:
 ldr r4, =VARS
 movs r5, #0x40
 ldr r0, [r5, #0]
 str r0, [r4, #0]
 movs r0, #0
 mvns r0, r0
 str r0, [r4, #8]
 ldr r0, =RESULTS
 str r0, [r4, #12]
 ldr r0, =0x0074743a
 str r0, [r4, #44]
 movs r0, #44
 adds r0, r4
 str r0, [r4, #32]
 movs r0, #4
 str r0, [r4, #36]
 movs r0, #3
 str r0, [r4, #40]
 movs r1, #32
 adds r1, r4
 movs r0, #1
 bkpt 0xab
 str r0, [r4, #32]
 ldr r0, =SCRATCH_END
 msr psp, r0
 movs r0, #2
 msr control, r0
 isb
 svc 0xfe
handler:
 push {r4-r7, lr}
 ldr r4, =VARS
 mrs r5, psp
 ldr r6, [r5, #24]
 mrs r7, ipsr
 cmp r7, #11
 bne fault
 subs r6, #2
 ldrb r0, [r6]
 cmp r0, #0xfe
 beq started
 cmp r0, #0xff
 beq end
 bl fold
 pop {r4-r7, pc}
started:
 add sp, #16
 b next
fault:
 movs r0, r7
 bl fold
 ldr r0, [r5, #28]
 bl fold
 ldr r0, [r4, #0]
 ldr r0, [r0, #0]
 subs r0, r6, r0
 bl fold
 ldr r3, =0xe000ed28
 ldr r7, [r3, #0]
 str r7, [r3, #0]
 movs r0, r7
 bl fold
 movs r1, #0x80
 tst r7, r1
 beq 1f
 ldr r0, [r3, #12]
 bl fold
1: lsls r1, r1, #8
 tst r7, r1
 beq 1f
 ldr r0, [r3, #16]
 bl fold
1: ldr r0, [r3, #4]
 str r0, [r3, #4]
 @ QEMU does not set HFSR.DEBUGEVT for BKPT, the only fault without bits in CFSR.
 cmp r7, #0
 beq 1f
 bl fold
1: ldr r0, [r4, #20]
 adds r0, #1
 str r0, [r4, #20]
 cmp r0, #64
 bhs end
 ldr r0, [r5, #28]
 lsls r1, r0, #7
 bmi skip
 movs r1, #1
 lsls r1, r1, #24
 orrs r0, r1
 str r0, [r5, #28]
 pop {r4-r7, pc}
skip:
 ldr r1, =0xf9ff03ff
 ands r0, r1
 str r0, [r5, #28]
 lsrs r0, r6, #18
 bne end
 ldrh r0, [r6]
 lsrs r0, r0, #11
 adds r6, #2
 cmp r0, #0x1d
 blo 1f
 adds r6, #2
1: str r6, [r5, #24]
 pop {r4-r7, pc}
end:
 ldr r6, [r4, #12]
 ldm r5!, {r0-r3}
 stm r6!, {r0-r3}
 ldm r5!, {r0-r3}
 ldr r7, [r4, #0]
 ldr r7, [r7]
 subs r2, r2, r7
 stm r6!, {r0-r3}
 pop {r0-r3}
 stm r6!, {r0-r3}
 mov r0, r8
 mov r1, r9
 mov r2, r10
 mov r3, r11
 stm r6!, {r0-r3}
 mov r0, r5
 mrs r1, control
 mrs r2, primask
getbasepri:
 mrs r3, primask
 stm r6!, {r0-r3}
 movs r1, #0
 ldr r7, =SCRATCH
 ldr r3, =SCRATCH_END
1: ldm r7!, {r2}
 lsls r0, r1, #5
 subs r1, r0, r1
 adds r1, r1, r2
 cmp r7, r3
 bne 1b
 ldr r0, [r4, #16]
 ldr r2, [r4, #20]
 movs r3, #0
 stm r6!, {r0-r3}
 str r6, [r4, #12]
 ldr r0, =RESULTS_END
 cmp r6, r0
 bne next
 bl flush
next:
 ldr r0, [r4, #8]
 adds r0, #1
 movs r5, #0x40
 ldr r1, [r5, #8]
 ldr r2, [r4, #0]
 cmp r0, r1
 bne 1f
 movs r0, #0
 adds r2, #8
 str r2, [r4, #0]
1: str r0, [r4, #8]
 ldr r1, [r5, #4]
 cmp r2, r1
 bne 1f
 bl flush
 ldr r1, =0x20026
 movs r0, #0x18
 bkpt 0xab
1: ldr r7, [r2, #4]
 lsls r0, r0, #6
 adds r7, r7, r0
 movs r0, #0
 msr control, r0
 msr primask, r0
setbasepri:
 msr primask, r0
 str r0, [r4, #16]
 str r0, [r4, #20]
 ldr r6, =SCRATCH
 ldr r3, =SCRATCH_END
 ldr r1, =1664525
1: muls r0, r1, r0
 adds r0, r0, r6
 stm r6!, {r0}
 cmp r6, r3
 bne 1b
 ldr r6, [r7, #28]
 msr psp, r6
 ldm r7!, {r0-r3}
 stm r6!, {r0-r3}
 ldr r0, [r7, #0]
 ldr r1, [r7, #4]
 ldr r2, [r4, #0]
 ldr r2, [r2, #0]
 ldr r3, [r7, #8]
 stm r6!, {r0-r3}
 adds r7, #16
 ldr r0, [r7, #16]
 mov r8, r0
 ldr r0, [r7, #20]
 mov r9, r0
 ldr r0, [r7, #24]
 mov r10, r0
 ldr r0, [r7, #28]
 mov r11, r0
 ldr r4, [r7, #0]
 ldr r5, [r7, #4]
 ldr r6, [r7, #8]
 ldr r7, [r7, #12]
 pop {pc}
fold:
 ldr r1, [r4, #16]
 lsls r2, r1, #5
 subs r1, r2, r1
 adds r1, r1, r0
 str r1, [r4, #16]
 movs r1, #0x80
 bx lr
flush:
 push {lr}
 ldr r0, =RESULTS
 str r0, [r4, #36]
 subs r1, r6, r0
 ldr r6, [r4, #12]
 subs r1, r6, r0
 str r1, [r4, #40]
 str r0, [r4, #12]
 movs r1, #32
 adds r1, r4
 movs r0, #5
 bkpt 0xab
 pop {pc}
.ltorg
