#include "CRE2.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <string>

#include <re2/re2.h>

struct countersign_re2 {
    RE2 expression;
};

namespace {

/// RE2 takes lengths as int in places.
constexpr size_t longest = 1 << 30;

RE2::Options options(size_t memory) {
    RE2::Options options;
    // What RE2 would write to the standard error holds the pattern.
    options.set_log_errors(false);
    options.set_never_capture(true);
    options.set_max_mem(static_cast<int64_t>(memory));
    return options;
}

void copy(const std::string &from, char *to, size_t capacity) {
    if (to == nullptr || capacity == 0) return;
    const size_t length = std::min(from.size(), capacity - 1);
    std::memcpy(to, from.data(), length);
    to[length] = '\0';
}

}

countersign_re2 *countersign_re2_compile(
    const char *pattern, size_t length, size_t memory, char *reason, size_t capacity) {
    copy("", reason, capacity);
    if (pattern == nullptr || length > longest) return nullptr;
    try {
        auto *made = new countersign_re2{{re2::StringPiece(pattern, length), options(memory)}};
        if (made->expression.ok()) return made;
        copy(made->expression.error(), reason, capacity);
        delete made;
    } catch (...) {
        copy("out of memory", reason, capacity);
    }
    return nullptr;
}

size_t countersign_re2_size(const countersign_re2 *pattern) {
    return pattern == nullptr ? 0 : static_cast<size_t>(std::max(pattern->expression.ProgramSize(), 0));
}

int countersign_re2_found(const countersign_re2 *pattern, const char *text, size_t length) {
    if (pattern == nullptr || (text == nullptr && length > 0) || length > longest) return -1;
    try {
        const re2::StringPiece piece(text, length);
        return pattern->expression.Match(piece, 0, length, RE2::UNANCHORED, nullptr, 0) ? 1 : 0;
    } catch (...) {
        return -1;
    }
}

void countersign_re2_free(countersign_re2 *pattern) { delete pattern; }
