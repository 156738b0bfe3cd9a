// A desk as `init` leaves it, on a real database, with the tools of identity and a real time that stands still.
#pragma once

#include <future>
#include <memory>
#include <string>
#include <utility>

#include "app/directory/teams/teams.hpp"
#include "app/directory/users/users.hpp"
#include "app/identity/authenticate.hpp"
#include "app/identity/init_desk.hpp"
#include "app/identity/password/sign_in.hpp"
#include "app/test_desk.hpp"

namespace firstline::test {

inline constexpr std::string_view kAdminPassword = "a long enough secret";

class FreshDesk {
public:
    explicit FreshDesk(Engine engine);
    ~FreshDesk();
    FreshDesk(const FreshDesk&) = delete;
    FreshDesk& operator=(const FreshDesk&) = delete;

    [[nodiscard]] app::Toolbox& tools() { return *tools_; }
    [[nodiscard]] app::IdentityTools& identity() { return *identity_; }
    [[nodiscard]] app::Store& store() { return *store_; }
    [[nodiscard]] app::ManualClock& clock() { return clock_; }
    [[nodiscard]] app::ManualClock& real_time() { return real_time_; }
    void advance_steady(std::chrono::milliseconds by) { steady_ += by; }
    // Closes the store and opens it again, as after a crash of the process.
    void reopen();

    // What `body` returns from a read.
    template <class T>
    Result<T> read(const std::function<Result<T>(app::Reader&)>& body) {
        Result<T> out = fail(ErrorKind::internal, "test.nothing", "");
        const Status status = store_->read([&](app::Reader& reader) -> Status {
            out = body(reader);
            return {};
        });
        if (!status) return fail(status.error());
        return out;
    }
    // Runs a use case to its commit and returns its answer.
    template <class Decide>
    auto run(Decide decide) -> Result<decltype(decide(std::declval<app::Reader&>())->answer)> {
        std::optional<decltype(decide(std::declval<app::Reader&>())->answer)> answer;
        const Status status = runner_->run_and_wait(0, [&](app::Reader& reader) -> Result<app::Runner::Decision> {
            TRY(auto decided, decide(reader));
            answer = std::move(decided.answer);
            return std::move(decided.change);
        });
        if (!status) return fail(status.error());
        return std::move(*answer);
    }
    // The first column of a statement's first row, -1 without one.
    [[nodiscard]] std::int64_t number_of(std::string_view statement, std::vector<app::Value> params);

    [[nodiscard]] app::Session session(const std::string& key);
    [[nodiscard]] app::Session admin() { return session("admin"); }
    [[nodiscard]] domain::DeskPtr desk();
    [[nodiscard]] app::SignInOutcome sign_in(const std::string& user, const std::string& password,
                                             const std::string& address = "192.0.2.1");
    [[nodiscard]] Result<app::Authenticated> by_cookie(const std::string& cookie);
    [[nodiscard]] Result<app::Authenticated> by_token(const std::string& token);

    // Made by the administrator; they must succeed.
    app::UserAnswer add_user(const std::string& key, const std::vector<std::string>& roles = {},
                             const std::vector<std::string>& teams = {}, const std::string& email = {});
    app::TeamAnswer add_team(const std::string& key, int tier = 1);
    void give_password(const std::string& key, const std::string& password);

private:
    void open();
    void close();

    ScratchDirectory directory_;
    Engine engine_;
    struct Database;
    std::unique_ptr<Database> database_;
    app::ManualClock clock_{Instant{1'770'000'000'000'000}}, real_time_{Instant{1'780'000'000'000'000}};
    std::chrono::steady_clock::time_point steady_{std::chrono::hours(1)};
    app::DeskCache desks_;
    std::unique_ptr<app::BlobStore> blobs_;
    std::unique_ptr<app::Store> store_;
    std::unique_ptr<app::Runner> runner_;
    std::unique_ptr<app::PasswordPool> passwords_;
    std::unique_ptr<app::SignInLimits> limits_;
    std::unique_ptr<app::Toolbox> tools_;
    std::unique_ptr<app::IdentityTools> identity_;
};

// The code of a failed result, "" where it succeeded.
template <class T>
[[nodiscard]] std::string code_of(const Result<T>& result) {
    return result ? std::string() : result.error().code;
}
// "pointer code" of every field, by commas.
template <class T>
[[nodiscard]] std::string fields_of(const Result<T>& result) {
    std::string out;
    if (result) return out;
    for (const auto& field : result.error().fields) out += (out.empty() ? "" : ", ") + field.pointer + " " + field.code;
    return out;
}

class OnAFreshDesk : public testing::TestWithParam<Engine> {
protected:
    void SetUp() override {
        if (!is_available(GetParam())) GTEST_SKIP() << "skipped: FIRSTLINE_TEST_POSTGRES not set";
        desk_ = std::make_unique<FreshDesk>(GetParam());
    }
    [[nodiscard]] FreshDesk& desk() { return *desk_; }
    std::unique_ptr<FreshDesk> desk_;
};

}  // namespace firstline::test
