// The country calling codes in use, as a table: no code is the beginning of another (ITU-T E.164 §6.2.1).
#pragma once

#include <array>
#include <cstddef>
#include <list>
#include <set>
#include <string>
#include <string_view>

#include <phonenumbers/phonenumberutil.h>

namespace countersign {

class CallingCodes {
public:
    explicit CallingCodes(const i18n::phonenumbers::PhoneNumberUtil &plans) {
        std::set<int> codes;
        plans.GetSupportedCallingCodes(&codes);
        for (int code : codes) {
            if (code > 0 && code < 1000) entries_[static_cast<size_t>(code)] = entry(plans, code);
        }
    }

    struct Entry {
        bool in_use = false;
        /// The only region with this code; empty where several share it or none has it.
        std::string region;
        bool is_shared = false;
    };

    /// The code that `digits` begin with, or 0.
    int leading(std::string_view digits) const {
        size_t code = 0;
        for (size_t length = 1; length <= 3 && length < digits.size(); length += 1) {
            code = code * 10 + static_cast<size_t>(digits[length - 1] - '0');
            if (entries_[code].in_use) return static_cast<int>(code);
        }
        return 0;
    }

    const Entry &operator[](int code) const { return entries_[static_cast<size_t>(code)]; }

private:
    static Entry entry(const i18n::phonenumbers::PhoneNumberUtil &plans, int code) {
        std::list<std::string> regions;
        plans.GetRegionCodesForCountryCallingCode(code, &regions);
        Entry entry;
        entry.in_use = true;
        entry.is_shared = regions.size() > 1;
        // "001" stands for numbers of no country, such as +800.
        if (regions.size() == 1 && regions.front() != "001") entry.region = regions.front();
        return entry;
    }

    std::array<Entry, 1000> entries_;
};

}
