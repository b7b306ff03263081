#include "scenario/fault_search.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "hasim/result.hpp"

namespace hasim::scenario {
namespace {

struct OtherWord {
    std::string_view word;
    FaultKind kind;
};

// What people call a fault, where its own words do not hold it.
constexpr std::array kOtherWords{
    OtherWord{"unplug", FaultKind::cable_out},
    OtherWord{"pull", FaultKind::cable_out},
    OtherWord{"disconnect", FaultKind::cable_out},
    OtherWord{"disconnect", FaultKind::reset},
    OtherWord{"down", FaultKind::cable_out},
    OtherWord{"down", FaultKind::power_off},
    OtherWord{"down", FaultKind::ntls_stop},
    OtherWord{"offline", FaultKind::cable_out},
    OtherWord{"offline", FaultKind::power_off},
    OtherWord{"plug", FaultKind::cable_in},
    OtherWord{"reconnect", FaultKind::cable_in},
    OtherWord{"up", FaultKind::cable_in},
    OtherWord{"up", FaultKind::power_on},
    OtherWord{"up", FaultKind::heal},
    OtherWord{"online", FaultKind::cable_in},
    OtherWord{"online", FaultKind::power_on},
    OtherWord{"firewall", FaultKind::refuse},
    OtherWord{"firewall", FaultKind::accept_then_silence},
    OtherWord{"firewall", FaultKind::idle_cut},
    OtherWord{"timeout", FaultKind::idle_cut},
    OtherWord{"keepalive", FaultKind::idle_cut},
    OtherWord{"autoactivation", FaultKind::activation_lasts},
    OtherWord{"block", FaultKind::cable_out},
    OtherWord{"block", FaultKind::refuse},
    OtherWord{"hang", FaultKind::accept_then_silence},
    OtherWord{"hang", FaultKind::busy},
    OtherWord{"freeze", FaultKind::accept_then_silence},
    OtherWord{"close", FaultKind::fin},
    OtherWord{"latency", FaultKind::delay},
    OtherWord{"lag", FaultKind::delay},
    OtherWord{"throttle", FaultKind::bandwidth},
    OtherWord{"garbage", FaultKind::corrupt},
    OtherWord{"crash", FaultKind::power_off},
    OtherWord{"crash", FaultKind::kill},
    OtherWord{"shutdown", FaultKind::power_off},
    OtherWord{"outage", FaultKind::cable_out},
    OtherWord{"outage", FaultKind::power_off},
    OtherWord{"service", FaultKind::ntls_stop},
    OtherWord{"service", FaultKind::ntls_restart},
    OtherWord{"tls", FaultKind::certificate_expired},
    OtherWord{"password", FaultKind::pin},
    OtherWord{"password", FaultKind::lock_pin},
    OtherWord{"wipe", FaultKind::zeroise},
    OtherWord{"zeroize", FaultKind::zeroise},
    OtherWord{"erase", FaultKind::zeroise},
    OtherWord{"unassign", FaultKind::revoke},
    OtherWord{"error", FaultKind::return_code},
    OtherWord{"fail", FaultKind::return_code},
    OtherWord{"time", FaultKind::clock_jump},
    OtherWord{"fix", FaultKind::heal},
    OtherWord{"repair", FaultKind::heal},
};

std::string lower_case(std::string_view text)
{
    std::string lower(text);
    for (char& c : lower) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return lower;
}

template <class Condition>
std::vector<const FaultInfo*> faults_where(Condition condition)
{
    std::vector<const FaultInfo*> found;
    for (const FaultInfo& info : fault_table()) {
        if (condition(info)) {
            found.push_back(&info);
        }
    }
    return found;
}

bool is_called(const FaultInfo& info, std::string_view word)
{
    return std::any_of(kOtherWords.begin(), kOtherWords.end(), [&](const OtherWord& other) {
        return other.kind == info.kind && other.word == word;
    });
}

// The same for a word that is spelt nearly so.
bool is_nearly_called(const FaultInfo& info, std::string_view word)
{
    return std::any_of(kOtherWords.begin(), kOtherWords.end(), [&](const OtherWord& other) {
        return other.kind == info.kind && !nearest(word, {other.word}).empty();
    });
}

// Whether one of the words of `words` is spelt nearly as `word`.
bool is_near(std::string_view words, std::string_view word)
{
    while (!words.empty()) {
        const std::size_t end = std::min(words.find(' '), words.size());
        if (!nearest(word, {words.substr(0, end)}).empty()) {
            return true;
        }
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return false;
}

}  // namespace

std::vector<const FaultInfo*> faults_like(std::string_view word)
{
    const std::string wanted = lower_case(word);
    if (wanted.empty()) {
        return {};
    }
    const bool long_enough = wanted.size() > 2;  // "in" and "on" are part of too much
    auto found = faults_where([&](const FaultInfo& info) {
        return info.words == wanted || is_called(info, wanted) ||
               (long_enough && info.words.find(wanted) != std::string_view::npos);
    });
    if (found.empty() && long_enough) {
        found = faults_where([&](const FaultInfo& info) {
            return lower_case(info.does).find(wanted) != std::string::npos;
        });
    }
    if (found.empty()) {
        found = faults_where([&](const FaultInfo& info) {
            return is_near(info.words, wanted) || is_nearly_called(info, wanted);
        });
    }
    return found;
}

std::string near_faults_text(std::string_view word)
{
    constexpr std::size_t kMost = 4;
    const auto near = faults_like(word);
    std::string names;
    for (std::size_t i = 0; i < std::min(near.size(), kMost); ++i) {
        names += fmt::format("{}'{}'", i == 0 ? "" : ", ", near[i]->words);
    }
    return names.empty()
               ? "`hasim faults` lists all there are"
               : fmt::format("you may mean {}; `hasim faults` says what each does", names);
}

}  // namespace hasim::scenario
