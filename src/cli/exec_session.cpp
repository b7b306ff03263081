#include "cli/exec_session.hpp"

#include <unistd.h>
#include <array>
#include <chrono>

#include <fmt/format.h>
#include <boost/asio/post.hpp>

#include "host/replace_file.hpp"
#include "host/zone_loader.hpp"
#include "lab/lab_file.hpp"
#include "log/format.hpp"
#include "scenario/faults.hpp"

namespace hasim::cli {

namespace {

constexpr std::string_view kControlName = "control";

sim::CallKind kind_of(cryptoki::Function function)
{
    switch (function) {
    case cryptoki::Function::initialize: return sim::CallKind::initialize;
    case cryptoki::Function::finalize: return sim::CallKind::finalize;
    case cryptoki::Function::login: return sim::CallKind::login;
    case cryptoki::Function::logout: return sim::CallKind::logout;
    case cryptoki::Function::sign:
    case cryptoki::Function::sign_final:
    case cryptoki::Function::sign_recover: return sim::CallKind::sign;
    default: return sim::CallKind::other;
    }
}

Operation operation_of(cryptoki::Function function)
{
    switch (function) {
    case cryptoki::Function::login: return Operation::login;
    case cryptoki::Function::logout: return Operation::logout;
    case cryptoki::Function::sign:
    case cryptoki::Function::sign_final:
    case cryptoki::Function::sign_recover: return Operation::sign;
    default: return Operation::call;
    }
}

bool changes_configuration(FaultKind kind)
{
    return kind == FaultKind::add_member || kind == FaultKind::remove_member ||
           kind == FaultKind::recover || kind == FaultKind::mode;
}

bool mends(FaultKind kind)
{
    switch (kind) {
    case FaultKind::heal:
    case FaultKind::heal_all:
    case FaultKind::cable_in:
    case FaultKind::power_on:
    case FaultKind::ntls_start:
    case FaultKind::activate:
    case FaultKind::assign: return true;
    default: return false;
    }
}

}  // namespace

ExecSession::ExecSession(LiveStage& stage, lab::LabDirectory& directory, std::string log_directory,
                         double speed, bool waits, lab::TlsFiles tls,
                         std::string origin)
    : stage_(stage),
      directory_(directory),
      log_directory_(std::move(log_directory)),
      tls_(std::move(tls)),
      origin_(std::move(origin)),
      speed_(speed),
      zone_(host::local_zone()),
      steady_at_start_(live::LiveClock::Steady::now().time_since_epoch().count()),
      wall_at_start_(
          std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count()),
      server_(stage.io(),
              [this](lab::ReportServer::Process process, const std::optional<lab::Report>& report) {
                  take(process, report);
                  stage_.driver().settle();
              }),
      clock_runs_(!waits)
{
    stage_.play().world().watch(*this);
}

std::string ExecSession::prepare()
{
    const std::string socket = fmt::format("{}/{}", directory_.path(), kControlName);
    ::unlink(socket.c_str());
    if (std::string problem = server_.listen(socket); !problem.empty()) {
        return problem;
    }
    written_ = configuration();
    return write(directory_.path(), written_);
}

ExecSession::Files ExecSession::configuration() const
{
    const sim::World& world = stage_.play().world();
    lab::LabFile file;
    file.speed = speed_;
    file.steady_at_start = steady_at_start_;
    file.wall_at_start = wall_at_start_;
    file.control = fmt::format("{}/{}", directory_.path(), kControlName);
    std::vector<std::uint16_t> ports;
    const auto& appliances = world.topology().appliances();
    for (ApplianceIndex index = 0; index < appliances.size(); ++index) {
        ports.push_back(stage_.network().port(index));
        for (const Serial partition : appliances[index].partitions) {
            file.placements.push_back({{}, partition, static_cast<std::uint32_t>(index + 1)});
        }
    }
    // Applications read the first when they see that the second has changed.
    return {{std::string(lab::kLabFileName), lab::text_of(file)},
            {"Chrystoki.conf",
             lab::derived_conf(world.settings(), ports, log_directory_, tls_, origin_)}};
}

std::string ExecSession::write(const std::string& folder, const Files& files)
{
    for (const auto& [name, text] : files) {
        if (std::string problem = host::replace_file(folder + "/" + name, text); !problem.empty()) {
            return problem;
        }
    }
    return {};
}

void ExecSession::configuration_changed()
{
    sim::World& world = stage_.play().world();
    for (const GroupSettings& group : world.settings().groups) {
        for (const auto* members : {&group.members, &group.standby}) {
            for (const Serial member : *members) {
                world.place(member);
            }
        }
    }
    trouble_ = stage_.network().listen(world.appliances(), std::nullopt);
    Files files = configuration();
    if (!trouble_.empty() || files == written_) {
        return;
    }
    written_ = std::move(files);
    static_cast<void>(
        writer_.post(0, [folder = directory_.path(), files = written_, not_written = not_written_] {
            *not_written = write(folder, files);
        }));
}

std::string ExecSession::trouble()
{
    constexpr std::chrono::seconds kPatience{2};
    if (!writer_.finish(kPatience)) {
        return fmt::format("{} hangs: the configuration that changed was not written",
                           directory_.path());
    }
    return trouble_.empty() ? *not_written_ : trouble_;
}

// ---- What the applications tell ---------------------------------------------------------------------------------

sim::ClientIndex ExecSession::client_of(lab::ReportServer::Process process) const
{
    const auto clients = static_cast<sim::ClientIndex>(stage_.play().world().clients());
    return process < clients ? process : 0;
}

void ExecSession::take(lab::ReportServer::Process process, const std::optional<lab::Report>& report)
{
    if (!report) {
        gone(process);
        return;
    }
    if (const auto* hello = std::get_if<lab::Hello>(&*report)) {
        told_by_[process] = Pid{hello->pid};
    }
    const auto* changed = std::get_if<lab::GroupChanged>(&*report);
    const Instant now = stage_.driver().now();
    scorecard_.take(*report, now);
    if (told_by_.contains(process)) {
        pass_on(client_of(process), told_by_[process], *report, now);
    }
    if (changed != nullptr && changed->state == GroupState::initializing &&
        !std::exchange(clock_runs_, true)) {
        stage_.start_clock();
    }
}

void ExecSession::pass_on(sim::ClientIndex client, Pid pid, const lab::Report& report, Instant now)
{
    sim::World& world = stage_.play().world();
    const auto known = [&](lab::GroupNumber group) {
        return group < world.settings().groups.size();
    };
    if (const auto* group = std::get_if<lab::GroupChanged>(&report); group && known(group->group)) {
        world.tell_observers(now, [&](sim::WorldObserver& observer) {
            observer.on_group(client, group->group, group->state, now);
        });
    } else if (const auto* member = std::get_if<lab::MemberTold>(&report);
               member && known(member->group)) {
        world.tell_observers(now, [&](sim::WorldObserver& observer) {
            observer.on_member(client, member->group, member->change, now);
        });
    } else if (const auto* over = std::get_if<lab::GroupFinalized>(&report);
               over && known(over->group)) {
        world.tell_observers(now, [&](sim::WorldObserver& observer) {
            observer.on_finalized(client, over->group, now);
        });
    } else if (const auto* line = std::get_if<lab::LineWritten>(&report)) {
        LogRecord record = line->record;
        record.at = now;
        record.pid = pid;
        world.tell_observers(
            now, [&](sim::WorldObserver& observer) { observer.on_log(client, record); });
        std::array<char, log::kMaxLineLength> text{};
        const std::size_t size =
            log::format_line(record, zone_.local(line->stamp), StampStyle::note, text);
        scorecard_.add_line({text.data(), size});
        if (lines_ != nullptr) {
            lines_->on_line({text.data(), size}, line->stamp, client, record);
        }
    } else if (const auto* sent = std::get_if<lab::RequestSent>(&report);
               sent && known(sent->group)) {
        world.tell_observers(now, [&](sim::WorldObserver& observer) {
            observer.on_request_sent(client, sent->group, sent->member,
                                     operation_of(sent->function), now);
            observer.on_function_sent(client, sent->group, sent->member,
                                      cryptoki::name_of(sent->function), now);
        });
    } else if (const auto* returned = std::get_if<lab::Returned>(&report);
               returned && known(returned->group)) {
        const sim::CallReport call{client,
                                   returned->group,
                                   kind_of(returned->function),
                                   std::max(kStart, now - std::min(returned->took, now - kStart)),
                                   now,
                                   returned->code,
                                   returned->moves,
                                   {}};
        world.tell_observers(now, [&](sim::WorldObserver& observer) { observer.on_call(call); });
    }
}

void ExecSession::gone(lab::ReportServer::Process process)
{
    const Instant now = stage_.driver().now();
    if (told_by_.erase(process) > 0) {
        scorecard_.ended(now);
        const sim::ClientIndex client = client_of(process);
        stage_.play().world().tell_observers(
            now, [&](sim::WorldObserver& observer) { observer.on_killed(client, now); });
    }
    if (on_quiet_) {
        on_quiet_();
    }
}

// ---- What is done, and what the log says ------------------------------------------------------------------------

void ExecSession::on_fault(const Fault& fault, const Target&, Instant now)
{
    if (mends(fault.kind)) {
        scorecard_.mended(now);
    }
    if (changes_configuration(fault.kind)) {
        boost::asio::post(stage_.io(), [this] { configuration_changed(); });
    }
}

}  // namespace hasim::cli
