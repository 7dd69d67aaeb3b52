// What the numbering plans know about a phone number: libphonenumber behind a C interface.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The use that the numbering plan of its country gives to a number.
enum {
    COUNTERSIGN_PHONE_NUMBER_UNKNOWN = 0,
    COUNTERSIGN_PHONE_NUMBER_FIXED_LINE = 1,
    COUNTERSIGN_PHONE_NUMBER_MOBILE = 2,
    /// The plan does not tell them apart, as in the United States.
    COUNTERSIGN_PHONE_NUMBER_FIXED_LINE_OR_MOBILE = 3,
    COUNTERSIGN_PHONE_NUMBER_TOLL_FREE = 4,
    COUNTERSIGN_PHONE_NUMBER_PREMIUM_RATE = 5,
    COUNTERSIGN_PHONE_NUMBER_SHARED_COST = 6,
    COUNTERSIGN_PHONE_NUMBER_VOIP = 7,
    COUNTERSIGN_PHONE_NUMBER_PERSONAL = 8,
    COUNTERSIGN_PHONE_NUMBER_PAGER = 9,
    /// A company's one number for all of its places.
    COUNTERSIGN_PHONE_NUMBER_UAN = 10,
    COUNTERSIGN_PHONE_NUMBER_VOICEMAIL = 11,
};

/// What is known about one number.
typedef struct {
    /// The text is `+` and 3 to 15 digits that begin with a country calling code in use.
    bool parsed;
    /// A number of this form can be assigned.
    bool valid;
    /// One of COUNTERSIGN_PHONE_NUMBER_…; UNKNOWN unless valid.
    int type;
    /// ISO 3166-1 alpha-2 in capitals, or empty for a number of no country and for one that is not valid.
    char region[4];
    /// The country calling code, 1 to 999; 0 unless parsed.
    int country_code;
    /// The number as it is dialled from abroad, `+` and up to 15 digits: a trunk prefix that was left in is gone.
    /// Empty unless parsed.
    char e164[20];
} countersign_phone_number;

/// Looks `text` up, `length` bytes long, strict E.164 (ITU-T E.164 §6): no spaces, no brackets, no letters.
///
/// Always fills `result`; whatever goes wrong inside leaves it all zero, so that a failure reads as "no number".
/// May be called from any number of threads. Takes 5 to 35 µs.
void countersign_phone_number_inspect(const char *text, size_t length, countersign_phone_number *result);

/// Whether a country has a numbering plan of its own: `text`, `length` bytes long, is ISO 3166-1 alpha-2 in capitals.
bool countersign_phone_number_has_region(const char *text, size_t length);

/// Reads the numbering plans now rather than with the first number: 5 ms and 5 MB.
void countersign_phone_number_warm_up(void);

#ifdef __cplusplus
}
#endif
