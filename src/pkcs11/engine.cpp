#include "pkcs11/engine.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <random>
#include <utility>

#include "conf/configuration.hpp"

namespace hasim::pkcs11 {

namespace {

sim::WorldOptions world_options(const Configuration& configuration)
{
    sim::WorldOptions options;
    options.settings = configuration.settings;
    options.placements = configuration.lab.placements;
    options.clients = {{"app", Pid{static_cast<std::uint32_t>(::getpid())}}};
    options.has_objects = true;
    return options;
}

/// The lab's clock, so that the lines of several processes fit together.
live::LiveClock clock_of(const lab::LabFile& lab)
{
    using Steady = live::LiveClock::Steady;
    if (lab.steady_at_start == 0) {
        return {Steady::now(), std::chrono::system_clock::now(), lab.speed};
    }
    return {Steady::time_point(Steady::duration(lab.steady_at_start)),
            WallTime(Duration(lab.wall_at_start)), lab.speed};
}

std::uint32_t number_of_partitions(const Configuration& configuration)
{
    return static_cast<std::uint32_t>(
        std::count_if(configuration.slots.begin(), configuration.slots.end(),
                      [](const scenario::Slot& slot) { return !slot.is_group; }));
}

std::uint64_t random_number()
{
    std::random_device device;
    return (std::uint64_t{device()} << 32) | device();
}

}  // namespace

Engine::Engine(Configuration configuration, Diagnostics& diagnostics)
    : configuration_(std::move(configuration)),
      diagnostics_(diagnostics),
      clock_(clock_of(configuration_.lab)),
      network_(io_, clock_),
      driver_(io_, clock_),
      appliances_(configuration_.settings, configuration_.lab.placements),
      world_(world_options(configuration_), appliances_, network_),
      log_(configuration_.settings.ha, clock_.wall_of(clock_.now()), diagnostics),
      reporter_(configuration_.lab.control, number_of_partitions(configuration_)),
      written_(io_, [this](const lab::LineWritten& line) { reporter_.line_written(line); }),
      process_nonce_(random_number()),
      presence_(configuration_.slots.size()),
      initialize_calls_(configuration_.slots.size()),
      loop_(io_, [this](const std::vector<Loop::Request*>& requests) { begin(requests); })
{
    loop_.run([this] {
        world_.watch(*this);
        world_.watch(reporter_);
        network_.set_events(driver_);
        network_.set_diagnostics([this](const std::string& text) { diagnostics_.say(text); });
        driver_.drive(world_, world_);
        if (configuration_.tls) {
            network_.use_client_tls(*configuration_.tls);
        }
        for (ApplianceIndex index = 0; index < configuration_.appliances.size(); ++index) {
            network_.set_remote(index, configuration_.appliances[index]);
        }
        watch_ = std::make_unique<live::FileWatch>(
            io_, configuration_.path, conf::kMaxFileBytes,
            [this](const std::string& text) { take_edit(text); },
            [this](const std::string& problem) { diagnostics_.say(problem); });
        if (const std::string problem = watch_->start(configuration_.text); !problem.empty()) {
            diagnostics_.say(problem);
        }
    });
}

Engine::~Engine()
{
    loop_.run([this] {
        watch_.reset();
        lab_read_.reset();
    });
    write_out();
}

void Engine::abandon()
{
    reporter_.abandon();
    loop_.abandon();
}

/// A broken edit keeps the last good settings.
void Engine::take_edit(const std::string& text)
{
    const conf::Configuration edited = conf::read(text, configuration_.path);
    if (!edited.ok() || conf::missing_groups(edited)) {
        diagnostics_.say(configuration_.path +
                         ": this edit is not used; the last good settings stay in force");
        return;
    }
    edited_ = edited.settings;
    if (lab_read_ == nullptr) {
        const std::string folder = std::filesystem::path(configuration_.path).parent_path();
        lab_read_ = std::make_unique<live::BackgroundRead>(
            io_, folder + "/" + std::string(lab::kLabFileName), lab::kMaxLabFileBytes,
            [this](const live::BackgroundRead::Result& result) {
                const auto* const said = result ? std::get_if<std::string>(&*result) : nullptr;
                take_lab(said == nullptr ? lab::LabFile{} : lab::lab_file_of(*said));
            });
    }
    lab_read_->begin();
}

/// What the lab says of the appliances of the edited settings: it is written before them.
void Engine::take_lab(const lab::LabFile& lab)
{
    const auto appliances = appliances_of(edited_, lab.placements, configuration_.path);
    if (const std::string* problem = std::get_if<std::string>(&appliances)) {
        diagnostics_.say(*problem);
        return;
    }
    appliances_.learn(lab.placements);
    ApplianceIndex index = 0;
    for (const auto& endpoint : std::get<Endpoints>(appliances)) {
        network_.set_remote(index++, endpoint);
    }
    world_.at(driver_.now()).settings_changed(with_partitions(edited_, configuration_.slots));
    driver_.settle();
}

/// Calls of several threads that go to the same member leave with one write.
void Engine::begin(const std::vector<Loop::Request*>& requests)
{
    const live::TcpNetwork::Burst burst(network_);
    for (const Loop::Request* request : requests) {
        request->begin();
    }
    driver_.settle();
}

// ---- Calls ------------------------------------------------------------------------------------------------------

/// `begin`, on the loop, makes the call and says under which number it is answered.
template <class Begin>
ha::Answer Engine::wait_for(Begin begin)
{
    ha::Answer answer;
    Loop::Request* self = nullptr;
    Loop::Request request([&] {
        const CallId id = begin(world_.at(driver_.now()));
        if (const auto early = early_.find(id); early != early_.end()) {
            answer = std::move(early->second);
            early_.erase(early);
            loop_.end(*self);
        } else {
            waiting_[id] = {self, &answer};
        }
    });
    self = &request;
    loop_.run(request);
    return answer;
}

void Engine::on_answer(const ha::Answer& answer, Instant)
{
    const auto at = waiting_.find(answer.call);
    if (at == waiting_.end()) {
        early_[answer.call] = answer;
        return;
    }
    *at->second.answer = answer;
    loop_.end(*at->second.request);
    waiting_.erase(at);
}

void Engine::initialize()
{
    // All groups at once: they are decided side by side.
    loop_.run([&] { world_.at(driver_.now()).initialize(0); });
    for (SlotIndex slot = 0; slot < slots().size(); ++slot) {
        static_cast<void>(
            wait_for([&](const sim::Workstation&) { return initialize_calls_[slot]; }));
    }
}

void Engine::finalize()
{
    write_out();  // whoever is told of the end has been told of the lines
    loop_.run([&] {
        world_.at(driver_.now()).finalize(0);
        early_.clear();
        reporter_.flush();
    });
}

void Engine::write_out()
{
    log_.finish();
    loop_.run([&] {
        written_.take_all();
        reporter_.flush();
    });
}

Code Engine::login(SlotIndex slot, std::string_view pin)
{
    return wait_for([&](sim::Workstation& workstation) { return workstation.login(0, slot, pin); })
        .code;
}

Code Engine::logout(SlotIndex slot)
{
    return wait_for([&](sim::Workstation& workstation) { return workstation.logout(0, slot); })
        .code;
}

std::uint64_t Engine::next_transaction()
{
    return process_nonce_ + ++transactions_;
}

Reply Engine::call(SlotIndex slot, cryptoki::Call& call, const Route& route)
{
    ha::Command command;
    command.operation = Operation::call;
    command.reach = route.reach;
    command.bound = route.bound;
    if (route.reach == ha::Reach::writing) {
        call.transaction = next_transaction();
        command.transaction = call.transaction;
    }
    command.body = cryptoki::encode(call);
    const sim::CallKind kind =
        call.function == cryptoki::Function::sign ? sim::CallKind::sign : sim::CallKind::other;
    const ha::Answer answer = wait_for([&](sim::Workstation& workstation) {
        reporter_.about_to_call(call.function);
        return workstation.command(0, slot, kind, std::move(command));
    });
    Reply reply{answer.code, {}, answer.served};
    if (answer.body.empty()) {
        return reply;
    }
    auto result = cryptoki::decode_result(answer.body);
    if (!result) {
        diagnostics_.say("an appliance answered a call with what is no result");
        return {Code::device_error, {}, {}};
    }
    reply.result = std::move(*result);
    return reply;
}

// ---- What happens -----------------------------------------------------------------------------------------------

void Engine::on_call_made(CallId call, sim::ClientIndex, sim::GroupIndex group, sim::CallKind kind,
                          Instant)
{
    if (kind == sim::CallKind::initialize) {
        initialize_calls_[group] = call;
    }
}

void Engine::on_log(sim::ClientIndex, const LogRecord& record)
{
    const WallTime utc = clock_.wall_of(record.at);
    log_.write(record, utc, [slot = written_.slot(), line = lab::LineWritten{record, utc}] {
        slot->put(line);
    });
}

void Engine::on_diagnostic(const std::string& text, Instant)
{
    diagnostics_.say(text);
}

void Engine::on_member(sim::ClientIndex client, sim::GroupIndex group, const ha::MemberChanged&,
                       Instant)
{
    const ha::GroupView view = world_.workstation().group(client, group).view();
    const bool present =
        std::any_of(view.members.begin(), view.members.end(), [](const ha::MemberView& member) {
            return member.state == MemberState::active || member.state == MemberState::lost;
        });
    if (presence_[group].exchange(present) != present && view.state != GroupState::initializing) {
        {
            const std::lock_guard lock(events_mutex_);
            if (std::find(events_.begin(), events_.end(), group) == events_.end()) {
                events_.push_back(group);
            }
        }
        events_changed_.notify_all();
    }
}

std::optional<SlotIndex> Engine::next_slot_event(bool wait)
{
    std::unique_lock lock(events_mutex_);
    if (wait) {
        events_changed_.wait(lock, [&] { return events_over_ || !events_.empty(); });
    }
    if (events_over_ || events_.empty()) {
        return std::nullopt;
    }
    const SlotIndex slot = events_.front();
    events_.erase(events_.begin());
    return slot;
}

void Engine::end_slot_events()
{
    {
        const std::lock_guard lock(events_mutex_);
        events_over_ = true;
    }
    events_changed_.notify_all();
}

}  // namespace hasim::pkcs11
