#include "CPhoneNumber.h"

#include "CallingCodes.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include <phonenumbers/logger.h>
#include <phonenumbers/phonenumber.pb.h>
#include <phonenumbers/phonenumberutil.h>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

namespace {

constexpr size_t shortest = 3;
constexpr size_t longest = 15;

struct Plans {
    PhoneNumberUtil &util;
    countersign::CallingCodes codes;

    static const Plans &shared() {
        static const Plans plans;
        return plans;
    }

private:
    Plans() : util(silenced()), codes(util) {}

    /// The library writes what it finds odd about a number to the standard output, number included.
    static PhoneNumberUtil &silenced() {
        PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
        util.SetLogger(new i18n::phonenumbers::NullLogger());
        return util;
    }
};

/// What one thread needs again and again; making it anew costs more than some of the look-ups.
struct Scratch {
    PhoneNumber number;
    std::string text;
    std::string region;
};

int type_code(PhoneNumberUtil::PhoneNumberType type) {
    switch (type) {
    case PhoneNumberUtil::FIXED_LINE: return COUNTERSIGN_PHONE_NUMBER_FIXED_LINE;
    case PhoneNumberUtil::MOBILE: return COUNTERSIGN_PHONE_NUMBER_MOBILE;
    case PhoneNumberUtil::FIXED_LINE_OR_MOBILE: return COUNTERSIGN_PHONE_NUMBER_FIXED_LINE_OR_MOBILE;
    case PhoneNumberUtil::TOLL_FREE: return COUNTERSIGN_PHONE_NUMBER_TOLL_FREE;
    case PhoneNumberUtil::PREMIUM_RATE: return COUNTERSIGN_PHONE_NUMBER_PREMIUM_RATE;
    case PhoneNumberUtil::SHARED_COST: return COUNTERSIGN_PHONE_NUMBER_SHARED_COST;
    case PhoneNumberUtil::VOIP: return COUNTERSIGN_PHONE_NUMBER_VOIP;
    case PhoneNumberUtil::PERSONAL_NUMBER: return COUNTERSIGN_PHONE_NUMBER_PERSONAL;
    case PhoneNumberUtil::PAGER: return COUNTERSIGN_PHONE_NUMBER_PAGER;
    case PhoneNumberUtil::UAN: return COUNTERSIGN_PHONE_NUMBER_UAN;
    case PhoneNumberUtil::VOICEMAIL: return COUNTERSIGN_PHONE_NUMBER_VOICEMAIL;
    case PhoneNumberUtil::UNKNOWN: return COUNTERSIGN_PHONE_NUMBER_UNKNOWN;
    }
    return COUNTERSIGN_PHONE_NUMBER_UNKNOWN;
}

bool is_strict_e164(std::string_view text) {
    if (text.size() < 1 + shortest || text.size() > 1 + longest || text[0] != '+' || text[1] == '0') return false;
    return std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The number that the digits spell, with no prefix taken off.
void spell(PhoneNumber &number, int code, std::string_view national) {
    const size_t first = std::min(national.find_first_not_of('0'), national.size() - 1);
    number.Clear();
    number.set_country_code(code);
    number.set_national_number(std::strtoull(std::string(national).c_str(), nullptr, 10));
    if (first > 0) number.set_italian_leading_zero(true);
    if (first > 1) number.set_number_of_leading_zeros(static_cast<int>(first));
}

/// Whether a valid number of this code may still begin with a prefix that has to go: in Mexico +52 1 is the old form
/// of +52, in Belarus 8 10 leads abroad. For all other codes a number that is valid as it stands is what Parse makes
/// of it (compared for 963,000 valid numbers of all codes, version 8.12.57), and Parse would double the cost.
bool needs_parsing(int code) { return code == 52 || code == 375; }

void copy(std::string_view from, char *to, size_t capacity) {
    const size_t length = std::min(from.size(), capacity - 1);
    std::memcpy(to, from.data(), length);
    to[length] = '\0';
}

PhoneNumberUtil::PhoneNumberType look_up(const Plans &plans, int code, std::string_view text, Scratch &scratch) {
    scratch.text.assign(text);
    if (!needs_parsing(code)) {
        spell(scratch.number, code, text.substr(1 + std::to_string(code).size()));
        // A number has a type exactly if it is valid: one match gives both.
        const auto type = plans.util.GetNumberType(scratch.number);
        if (type != PhoneNumberUtil::UNKNOWN) return type;
    }
    if (plans.util.Parse(scratch.text, "ZZ", &scratch.number) != PhoneNumberUtil::NO_PARSING_ERROR) {
        return PhoneNumberUtil::UNKNOWN;
    }
    plans.util.Format(scratch.number, PhoneNumberUtil::E164, &scratch.text);
    return plans.util.GetNumberType(scratch.number);
}

void inspect(std::string_view text, countersign_phone_number &result) {
    if (!is_strict_e164(text)) return;
    const Plans &plans = Plans::shared();
    const int code = plans.codes.leading(text.substr(1));
    if (code == 0) return;
    thread_local Scratch scratch;
    const auto type = look_up(plans, code, text, scratch);
    result.parsed = true;
    result.country_code = code;
    copy(scratch.text, result.e164, sizeof result.e164);
    if (type == PhoneNumberUtil::UNKNOWN) return;
    result.valid = true;
    result.type = type_code(type);
    scratch.region = plans.codes[code].region;
    if (plans.codes[code].is_shared) plans.util.GetRegionCodeForNumber(scratch.number, &scratch.region);
    copy(scratch.region, result.region, sizeof result.region);
}

}

void countersign_phone_number_inspect(const char *text, size_t length, countersign_phone_number *result) {
    if (result == nullptr) return;
    *result = countersign_phone_number{};
    if (text == nullptr) return;
    try {
        inspect(std::string_view(text, length), *result);
    } catch (...) {
        *result = countersign_phone_number{};
    }
}

bool countersign_phone_number_has_region(const char *text, size_t length) {
    if (text == nullptr || length != 2) return false;
    try {
        return Plans::shared().util.GetCountryCodeForRegion(std::string(text, length)) != 0;
    } catch (...) {
        return false;
    }
}

void countersign_phone_number_warm_up(void) {
    countersign_phone_number result;
    // A number of a code with several regions touches all that later numbers need.
    countersign_phone_number_inspect("+442079460000", 13, &result);
}
