// Regular expressions whose matching takes time linear in the text: RE2 behind a C interface.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled pattern. It never changes, so any number of threads may match with it at once.
typedef struct countersign_re2 countersign_re2;

/// Compiles `pattern`, `length` bytes of UTF-8 in RE2's syntax: no backreferences, no look-around.
///
/// `memory` bounds in bytes what the program and the caches of its matching take. Returns null for a pattern that is
/// not valid or would take more, and then writes RE2's reason, at most `capacity - 1` bytes and a NUL, to `reason`.
countersign_re2 *countersign_re2_compile(
    const char *pattern, size_t length, size_t memory, char *reason, size_t capacity);

/// The number of instructions of the pattern's program: matching takes at most about 10 ns for each of them and each byte
/// of the text.
size_t countersign_re2_size(const countersign_re2 *pattern);

/// Whether the pattern matches anywhere in `text`, `length` bytes of UTF-8.
///
/// Returns 1 or 0, and -1 where RE2 could not tell, which callers must not take for either.
int countersign_re2_found(const countersign_re2 *pattern, const char *text, size_t length);

/// Frees what `countersign_re2_compile` made. Null is nothing to free.
void countersign_re2_free(countersign_re2 *pattern);

#ifdef __cplusplus
}
#endif
