#include "app/identity/password/sign_in.hpp"

#include <memory>
#include <optional>

#include "app/directory/people.hpp"
#include "app/identity/authenticate.hpp"
#include "app/identity/session/sessions.hpp"
#include "base/text.hpp"

namespace firstline::app {

using namespace domain;

namespace {

Error refused() {
    return Error{ErrorKind::unauthenticated, "auth.failed", "The user or the password is wrong.", {}, {}};
}

// One attempt on its way; each step hands it to the next.
struct Attempt {
    Attempt(IdentityTools& by, SignInRequest asked, Runner::Deadline until, std::function<void(SignInOutcome)> tell)
        : identity(by),
          request(std::move(asked)),
          deadline(until),
          done(std::move(tell)),
          account(fold(request.user)) {}

    IdentityTools& identity;
    SignInRequest request;
    Runner::Deadline deadline;
    std::function<void(SignInOutcome)> done;
    std::string account;
    RateState rate;
    std::optional<Person> person;
    SignedIn answer;

    void finish(Result<SignedIn> result) { done({std::move(result), rate}); }
};
using AttemptPtr = std::shared_ptr<Attempt>;

Result<std::optional<Person>> find_account(Reader& reader, const std::string& user) {
    if (user.find('@') != std::string::npos) return find_person_by_email(reader, user);
    return find_person(reader, user);
}

// Known or not, a failure costs the same: one entry. What was typed as user is not kept, it may have been a password.
Result<Runner::Decision> note_failure(Reader& reader, Attempt& attempt) {
    Toolbox& tools = attempt.identity.tools;
    TRY(const DeskPtr desk, tools.desks.current(reader));
    Session nobody;
    nobody.via = "web";
    const UserId person = attempt.person ? attempt.person->id : UserId{};
    TRY(auto entry,
        session_entry(reader, *desk, nobody, person, "sign_in_failed", tools.clock.now(), attempt.request.address));
    Change change;
    change.entries.push_back(std::move(entry));
    return change;
}

void refuse(const AttemptPtr& attempt) {
    attempt->identity.tools.runner.run(
        0, attempt->deadline, [attempt](Reader& reader) { return note_failure(reader, *attempt); },
        [attempt](const Status& status) {
            const bool is_noted = status.has_value() || status.error().kind != ErrorKind::unavailable;
            attempt->finish(fail(is_noted ? refused() : status.error()));
        });
}

// The person as they are now: their password may have changed while the old one was being checked.
Result<Runner::Decision> open_session(Reader& reader, Attempt& attempt) {
    Toolbox& tools = attempt.identity.tools;
    TRY(const DeskPtr desk, tools.desks.current(reader));
    TRY(const auto person, find_person(reader, attempt.person->id));
    if (!person || !person->is_active || person->password != attempt.person->password) return fail(refused());
    const Instant real_now = attempt.identity.real_time.now();
    NewSession fresh = make_session(person->id, real_now, attempt.request.address, attempt.request.agent);
    const Session session = session_of(*desk, *person, "web");
    TRY(auto entry,
        session_entry(reader, *desk, session, person->id, "sign_in", tools.clock.now(), attempt.request.address));
    attempt.answer = {person->key, person->name, fresh.cookie, fresh.csrf, fresh.expires_at};
    Change change;
    change.writes.push_back({"session.delete_expired", {person->id.value, real_now.us}});
    change.writes.push_back(std::move(fresh.insert));
    change.entries.push_back(std::move(entry));
    return change;
}

void accept(const AttemptPtr& attempt) {
    attempt->identity.tools.runner.run(
        0, attempt->deadline, [attempt](Reader& reader) { return open_session(reader, *attempt); },
        [attempt](const Status& status) {
            if (!status) {
                attempt->finish(fail(status.error()));
                return;
            }
            attempt->identity.limits.give_back(attempt->request.address, attempt->account);
            attempt->finish(std::move(attempt->answer));
        });
}

void check_password(const AttemptPtr& attempt) {
    const bool may = attempt->person && attempt->person->is_active;
    attempt->identity.passwords.verify(may ? attempt->person->password : std::string(), attempt->request.password,
                                       [attempt](const Result<bool>& fits) {
                                           if (!fits) {
                                               attempt->finish(fail(fits.error()));
                                           } else if (*fits) {
                                               accept(attempt);
                                           } else {
                                               refuse(attempt);
                                           }
                                       });
}

}  // namespace

void sign_in(IdentityTools& identity, SignInRequest request, Runner::Deadline deadline,
             std::function<void(SignInOutcome)> done) {
    auto attempt = std::make_shared<Attempt>(identity, std::move(request), deadline, std::move(done));
    attempt->rate = identity.limits.take(attempt->request.address, attempt->account);
    if (!attempt->rate.is_allowed) {
        attempt->finish(
            fail(ErrorKind::too_many, "rate.limited", "Too many attempts to sign in: wait a little, then try again."));
        return;
    }
    identity.tools.runner.run(
        0, deadline,
        [attempt](Reader& reader) -> Result<Runner::Decision> {
            TRY(attempt->person, find_account(reader, attempt->request.user));
            return std::nullopt;
        },
        [attempt](const Status& status) {
            if (status) {
                check_password(attempt);
            } else {
                attempt->finish(fail(status.error()));
            }
        });
}

}  // namespace firstline::app
