#include "textflag.h"

DATA lowerBit<>+0(SB)/8, $0x2020202020202020
DATA lowerBit<>+8(SB)/8, $0x2020202020202020
GLOBL lowerBit<>(SB), RODATA|NOPTR, $16

DATA letterA<>+0(SB)/8, $0x6161616161616161
DATA letterA<>+8(SB)/8, $0x6161616161616161
GLOBL letterA<>(SB), RODATA|NOPTR, $16

DATA lettersLess1<>+0(SB)/8, $0x1919191919191919
DATA lettersLess1<>+8(SB)/8, $0x1919191919191919
GLOBL lettersLess1<>(SB), RODATA|NOPTR, $16

DATA digit0<>+0(SB)/8, $0x3030303030303030
DATA digit0<>+8(SB)/8, $0x3030303030303030
GLOBL digit0<>(SB), RODATA|NOPTR, $16

DATA digitsLess1<>+0(SB)/8, $0x0909090909090909
DATA digitsLess1<>+8(SB)/8, $0x0909090909090909
GLOBL digitsLess1<>(SB), RODATA|NOPTR, $16

// MAP16 makes the maps of 16 bytes: of letters and digits in BX, of bytes
// beyond ASCII in CX. A byte is in a range if it minus the range's first is, as
// an unsigned number, no more than the range's length less one.
#define MAP16(offset) \
	MOVOU    offset(SI), X0 \
	PMOVMSKB X0, CX         \
	MOVO     X0, X1         \
	POR      X8, X0         \
	PSUBB    X9, X0         \
	MOVO     X0, X2         \
	PMINUB   X10, X2        \
	PCMPEQB  X2, X0         \
	PSUBB    X11, X1        \
	MOVO     X1, X3         \
	PMINUB   X12, X3        \
	PCMPEQB  X3, X1         \
	POR      X1, X0         \
	PMOVMSKB X0, BX

// func mapBlockSSE(block *byte) (letters, beyond uint64)
TEXT ·mapBlockSSE(SB), NOSPLIT, $0-24
	MOVQ  block+0(FP), SI
	MOVOU lowerBit<>(SB), X8
	MOVOU letterA<>(SB), X9
	MOVOU lettersLess1<>(SB), X10
	MOVOU digit0<>(SB), X11
	MOVOU digitsLess1<>(SB), X12
	MAP16(48)
	MOVQ  BX, AX
	MOVQ  CX, DX
	MAP16(32)
	SHLQ  $16, AX
	SHLQ  $16, DX
	ORQ   BX, AX
	ORQ   CX, DX
	MAP16(16)
	SHLQ  $16, AX
	SHLQ  $16, DX
	ORQ   BX, AX
	ORQ   CX, DX
	MAP16(0)
	SHLQ  $16, AX
	SHLQ  $16, DX
	ORQ   BX, AX
	ORQ   CX, DX
	MOVQ  AX, letters+8(FP)
	MOVQ  DX, beyond+16(FP)
	RET
