#include "domain/incident/transition.hpp"

#include <array>

namespace firstline::domain {
namespace {

constexpr CapacitySet kRequester = set_of(Capacity::requester);
constexpr CapacitySet kReply = set_of(Capacity::requester_reply);
constexpr CapacitySet kLead = set_of(Capacity::team_lead);
constexpr CapacitySet kAgent = set_of(Capacity::agent) | kLead;
constexpr CapacitySet kMonitoring = set_of(Capacity::monitoring);
constexpr CapacitySet kTimer = set_of(Capacity::timer);
constexpr CapacitySet kRule = set_of(Capacity::rule);
constexpr CapacitySet kImporter = set_of(Capacity::importer);

constexpr GuardSet kFree = 0;
constexpr GuardSet kOnBehalf = set_of(Guard::on_behalf);
constexpr GuardSet kAwaitingRequester = set_of(Guard::awaiting_requester);
constexpr GuardSet kScheduled = set_of(Guard::scheduled);
constexpr GuardSet kNoPriority = set_of(Guard::no_priority);
constexpr GuardSet kNoReachableRequester = set_of(Guard::no_reachable_requester);
constexpr GuardSet kWindow = set_of(Guard::window);
constexpr GuardSet kNotMerged = set_of(Guard::not_merged);
constexpr GuardSet kMerged = set_of(Guard::merged);
constexpr GuardSet kOwnLast = set_of(Guard::own_last_action);
constexpr GuardSet kRecovered = set_of(Guard::recovered_by_itself);
constexpr GuardSet kHigherTier = set_of(Guard::higher_tier);
constexpr GuardSet kImportOnly = set_of(Guard::import_only);

constexpr auto kNew = State::new_;
constexpr auto kAssigned = State::assigned;
constexpr auto kInProgress = State::in_progress;
constexpr auto kOnHold = State::on_hold;
constexpr auto kResolved = State::resolved;
constexpr auto kClosed = State::closed;
constexpr auto kCanceled = State::canceled;

using A = Action;
using T = Target;
// A (state, action, capacity) without a row is refused.
// clang-format off
constexpr Transition kTransitions[]{
    {std::nullopt, A::log,        T::new_,             kFree,                 kRequester | kReply | kAgent | kMonitoring | kImporter},

    {kNew,         A::triage,     T::same,             kFree,                 kAgent | kRule | kImporter},
    {kAssigned,    A::triage,     T::same,             kFree,                 kAgent | kRule | kImporter},
    {kInProgress,  A::triage,     T::same,             kFree,                 kAgent | kRule | kImporter},
    {kOnHold,      A::triage,     T::same,             kFree,                 kAgent | kRule | kImporter},
    {kResolved,    A::triage,     T::same,             kNoPriority,           kAgent | kRule | kImporter},
    {kClosed,      A::triage,     T::same,             kNoPriority,           kLead | kImporter},

    {kNew,         A::assign,     T::assigned,         kFree,                 kAgent | kRule | kImporter},
    {kAssigned,    A::assign,     T::same,             kFree,                 kAgent | kRule | kImporter},
    {kInProgress,  A::assign,     T::assigned_or_same, kFree,                 kAgent | kRule | kImporter},
    {kOnHold,      A::assign,     T::same,             kFree,                 kAgent | kRule | kImporter},
    {kResolved,    A::assign,     T::same,             kImportOnly,           kImporter},

    {kNew,         A::start,      T::in_progress,      kFree,                 kAgent | kImporter},
    {kAssigned,    A::start,      T::in_progress,      kFree,                 kAgent | kImporter},
    {kInProgress,  A::start,      T::in_progress,      kFree,                 kAgent | kImporter},
    {kOnHold,      A::start,      T::in_progress,      kFree,                 kAgent | kImporter},

    {kNew,         A::hold,       T::on_hold,          kFree,                 kAgent | kImporter},
    {kAssigned,    A::hold,       T::on_hold,          kFree,                 kAgent | kImporter},
    {kInProgress,  A::hold,       T::on_hold,          kFree,                 kAgent | kImporter},
    {kOnHold,      A::hold,       T::on_hold,          kFree,                 kAgent | kImporter},

    {kOnHold,      A::resume,     T::W,                kFree,                 kAgent | kImporter},
    {kOnHold,      A::resume,     T::W,                kAwaitingRequester,    kReply},
    {kOnHold,      A::resume,     T::W,                kScheduled,            kTimer},

    {kNew,         A::escalate,   T::assigned,         kHigherTier,           kAgent | kTimer},
    {kAssigned,    A::escalate,   T::assigned,         kHigherTier,           kAgent | kTimer},
    {kInProgress,  A::escalate,   T::assigned,         kHigherTier,           kAgent | kTimer},
    {kOnHold,      A::escalate,   T::assigned,         kHigherTier,           kAgent | kTimer},

    {kNew,         A::raise,      T::same,             kFree,                 kAgent | kTimer},
    {kAssigned,    A::raise,      T::same,             kFree,                 kAgent | kTimer},
    {kInProgress,  A::raise,      T::same,             kFree,                 kAgent | kTimer},
    {kOnHold,      A::raise,      T::same,             kFree,                 kAgent | kTimer},

    {kNew,         A::resolve,    T::resolved,         kFree,                 kAgent | kMonitoring | kImporter},
    {kAssigned,    A::resolve,    T::resolved,         kFree,                 kAgent | kMonitoring | kImporter},
    {kInProgress,  A::resolve,    T::resolved,         kFree,                 kAgent | kImporter},
    {kOnHold,      A::resolve,    T::resolved,         kFree,                 kAgent | kImporter},
    {kOnHold,      A::resolve,    T::resolved,         kAwaitingRequester,    kTimer},

    {kNew,         A::confirm,    T::closed,           kFree,                 kRequester},
    {kAssigned,    A::confirm,    T::closed,           kFree,                 kRequester},
    {kInProgress,  A::confirm,    T::closed,           kFree,                 kRequester},
    {kOnHold,      A::confirm,    T::closed,           kFree,                 kRequester},
    {kResolved,    A::confirm,    T::closed,           kFree,                 kRequester},
    {kResolved,    A::confirm,    T::closed,           kOnBehalf,             kAgent},

    {kResolved,    A::reject,     T::W,                kFree,                 kRequester | kImporter},
    {kResolved,    A::reject,     T::W,                kOnBehalf,             kAgent},

    {kResolved,    A::auto_close, T::closed,           kFree,                 kTimer | kImporter},
    {kResolved,    A::close,      T::closed,           kNoReachableRequester, kAgent},
    {kClosed,      A::rate,       T::same,             kWindow,               kRequester},

    {kResolved,    A::reopen,     T::W,                kFree,                 kAgent | kImporter},
    {kResolved,    A::reopen,     T::W,                kRecovered,            kMonitoring},
    {kClosed,      A::reopen,     T::W,                kWindow,               kAgent | kRequester | kReply},
    {kClosed,      A::reopen,     T::W,                kFree,                 kImporter},
    {kCanceled,    A::reopen,     T::W,                kWindow | kNotMerged,  kAgent},
    {kCanceled,    A::reopen,     T::W,                kNotMerged,            kImporter},

    {kNew,         A::cancel,     T::canceled,         kFree,                 kAgent | kRequester},
    {kAssigned,    A::cancel,     T::canceled,         kFree,                 kAgent | kRequester},
    {kInProgress,  A::cancel,     T::canceled,         kFree,                 kAgent},
    {kOnHold,      A::cancel,     T::canceled,         kFree,                 kAgent},

    {kNew,         A::merge,      T::canceled,         kFree,                 kAgent},
    {kAssigned,    A::merge,      T::canceled,         kFree,                 kAgent},
    {kInProgress,  A::merge,      T::canceled,         kFree,                 kAgent},
    {kOnHold,      A::merge,      T::canceled,         kFree,                 kAgent},
    {kCanceled,    A::unmerge,    T::W,                kWindow | kMerged,     kAgent},

    {kNew,         A::undo,       T::before,           kOwnLast,              kAgent},
    {kAssigned,    A::undo,       T::before,           kOwnLast,              kAgent},
    {kInProgress,  A::undo,       T::before,           kOwnLast,              kAgent},
    {kOnHold,      A::undo,       T::before,           kOwnLast,              kAgent},
    {kResolved,    A::undo,       T::before,           kOwnLast,              kAgent},
    {kClosed,      A::undo,       T::before,           kOwnLast,              kLead},
};
// clang-format on

constexpr std::size_t place_of(std::optional<State> from) {
    return from ? static_cast<std::size_t>(*from) : kCount<State>;
}

// Every answer asks for all actions in several capacities: the first row of each triple, by its place in the table.
using RowOf = std::array<std::array<std::array<std::uint8_t, kCount<Capacity>>, kCount<Action>>, kCount<State> + 1>;
constexpr RowOf make_row_of() {
    static_assert(std::size(kTransitions) < 255);
    RowOf out{};
    for (auto& actions : out) {
        for (auto& capacities : actions) capacities.fill(255);
    }
    for (std::size_t row = std::size(kTransitions); row-- > 0;) {
        auto& capacities = out[place_of(kTransitions[row].from)][static_cast<std::size_t>(kTransitions[row].action)];
        for (std::size_t i = 0; i < capacities.size(); ++i) {
            if ((kTransitions[row].who & set_of(static_cast<Capacity>(i))) != 0) {
                capacities[i] = static_cast<std::uint8_t>(row);
            }
        }
    }
    return out;
}
constexpr RowOf kRowOf = make_row_of();

}  // namespace

std::span<const Transition> transitions() { return kTransitions; }

const Transition* find_transition(std::optional<State> from, Action action, Capacity capacity) {
    const std::size_t row =
        kRowOf[place_of(from)][static_cast<std::size_t>(action)][static_cast<std::size_t>(capacity)];
    return row < std::size(kTransitions) ? &kTransitions[row] : nullptr;
}

bool is_ever_allowed(Action action, Capacity capacity) {
    for (const Transition& row : kTransitions) {
        if (row.action == action && (row.who & set_of(capacity)) != 0) return true;
    }
    return false;
}

}  // namespace firstline::domain
