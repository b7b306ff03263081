/// What several rows of the table of faults have in common: targets, parameters, sentences. Only faults.cpp reads it.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "scenario/faults.hpp"

namespace hasim::scenario {

using Parameters = std::array<FaultParameter, kMaxFaultParameters>;
inline constexpr TargetKinds kPlace = bit(Target::Kind::hsm) | bit(Target::Kind::appliance) |
                                      bit(Target::Kind::member) | bit(Target::Kind::any) |
                                      bit(Target::Kind::all);
inline constexpr TargetKinds kGroup = bit(Target::Kind::group) | bit(Target::Kind::all);
inline constexpr TargetKinds kMachine = bit(Target::Kind::all);
inline constexpr TargetKinds kClient =
    bit(Target::Kind::client) | bit(Target::Kind::any) | bit(Target::Kind::all);

inline constexpr std::int64_t kTenSeconds = 10'000'000'000;
inline constexpr Parameters kOneDuration{FaultParameter{.kind = ParameterKind::duration}};
inline constexpr Parameters kDownTime{
    FaultParameter{.kind = ParameterKind::duration, .optional = true, .otherwise = kTenSeconds}};
inline constexpr Parameters kDelay{
    FaultParameter{.kind = ParameterKind::duration},
    FaultParameter{.kind = ParameterKind::jitter, .before = "jitter", .optional = true}};
inline constexpr Parameters kReturn{
    FaultParameter{.kind = ParameterKind::code},
    FaultParameter{.kind = ParameterKind::count, .before = "times", .optional = true},
    FaultParameter{
        .kind = ParameterKind::percent, .before = "p", .optional = true, .instead = true}};
inline constexpr Parameters kFlap{
    FaultParameter{.kind = ParameterKind::duration, .before = "period"},
    FaultParameter{.kind = ParameterKind::percent, .before = "duty"}};
inline constexpr Parameters kRolling{
    FaultParameter{.kind = ParameterKind::duration, .optional = true, .otherwise = kTenSeconds},
    FaultParameter{.kind = ParameterKind::pause, .before = "pause", .optional = true}};

// What several rows say alike.
inline constexpr std::string_view kFailsOver =
    "DROPMEMBER when a command meets it, then RECOVERYFAILED at each tick while it lasts, and "
    "RECOVERED at the first tick after it";
inline constexpr std::string_view kNone = "none";
inline constexpr std::string_view kHeldLive =
    "an idealisation: hasim holds the bytes above its sockets, so that they arrive when it ends; "
    "TCP would send them again at growing pauses and give up after minutes";
inline constexpr std::string_view kHeldVirtual =
    "the same idealisation of TCP: held, then delivered in order at once";
inline constexpr std::string_view kRealSockets = "as real: the operating system's sockets do it";
inline constexpr std::string_view kAtOnce =
    "as live, but without the microseconds of a real network";
inline constexpr std::string_view kOurProtocol =
    "the frames are hasim's own protocol, so the bytes differ from a real appliance's; what the "
    "client concludes is the same";
inline constexpr std::string_view kSameMachine = "exactly as live: the same machine answers";
inline constexpr std::string_view kOnlyObjects =
    "the appliance's own answer to PKCS#11 applications (`hasim exec`); hasim's own load has no "
    "objects";
inline constexpr std::string_view kNoObjects =
    "nothing: hasim's own load has no objects";
inline constexpr std::string_view kApplianceAnswer =
    "the code and its time are as the appliance's machine decides; the codes are from public "
    "lists, which code a real partition gives here is (chosen)";
inline constexpr std::string_view kOverlay =
    "the client sees it as an edited file; the user's file is never written";

}  // namespace hasim::scenario
