// Signing in, sessions, tokens, passwords (architecture.md §3, §6).
#include <gtest/gtest.h>

#include <set>

#include "app/fresh_desk.hpp"
#include "app/identity/default_categories.hpp"
#include "app/identity/session/own_account.hpp"
#include "app/identity/session/sessions.hpp"
#include "app/identity/token/tokens.hpp"
#include "app/verify/verify.hpp"

namespace firstline::test {
namespace {

using namespace app;
using namespace domain;

class IdentityTest : public OnAFreshDesk {
protected:
    Result<CreatedToken> make_token(const Session& by, const TokenRequest& request) {
        return desk().run([&](Reader& reader) {
            return create_token(reader, desk().tools(), by, request, desk().real_time().now());
        });
    }
    Result<UserAnswer> edit_me(const Session& by, EditMeRequest request) {
        std::promise<Result<UserAnswer>> outcome;
        app::edit_me(desk().identity(), by, std::move(request), Runner::kNoDeadline,
                     [&](Result<UserAnswer> answer) { outcome.set_value(std::move(answer)); });
        return outcome.get_future().get();
    }
    Result<UserAnswer> deactivate(const std::string& key) {
        const Session by = desk().admin();
        return desk().run([&](Reader& reader) { return deactivate_user(reader, desk().tools(), by, key, {}); });
    }
};

TEST_P(IdentityTest, InitMakesADeskOnce) {
    const DeskPtr made = desk().desk();
    EXPECT_EQ(made->config_version, 1);
    EXPECT_EQ(made->matrix, kDefaultMatrix);
    EXPECT_EQ(made->categories.size(), default_categories().size());
    const Category* child = made->category("access-password");
    ASSERT_NE(child, nullptr);
    EXPECT_EQ(child->parent, made->category("access")->id);
    const Session admin = desk().admin();
    EXPECT_TRUE(admin.caller.roles.has(Role::admin));
    EXPECT_TRUE(admin.caller.roles.has(Role::agent));

    EXPECT_EQ(code_of(init_desk(desk().store(), desk().clock(), {})), "desk.exists");
    EXPECT_EQ(desk().desk()->config_version, 1);

    const auto verified = verify(desk().store(), {});
    ASSERT_TRUE(verified);
    EXPECT_TRUE(verified->findings.empty())
        << verified->findings.front().what << " " << verified->findings.front().where;
}

TEST_P(IdentityTest, SignsInByKeyAndByAddressAndTellsNoFailureFromAnother) {
    desk().add_user("ida", {}, {}, "Ida@Example.com");
    desk().give_password("ida", "correct horse battery");
    desk().add_user("gone", {}, {});
    desk().give_password("gone", "correct horse battery");
    ASSERT_TRUE(deactivate("gone"));
    desk().add_user("nopass");

    const auto signed_in = desk().sign_in("ida@example.com", "correct horse battery");
    ASSERT_TRUE(signed_in.result) << signed_in.result.error().code;
    EXPECT_EQ(signed_in.result->user_key, "ida");
    const auto caller = desk().by_cookie(signed_in.result->cookie);
    ASSERT_TRUE(caller);
    EXPECT_EQ(caller->session.key, "ida");
    EXPECT_EQ(caller->session.via, "web");
    EXPECT_TRUE(check_csrf(*caller, signed_in.result->csrf));
    EXPECT_EQ(code_of(check_csrf(*caller, "something else")), "csrf.missing");
    EXPECT_EQ(code_of(check_csrf(*caller, "")), "csrf.missing");

    std::set<std::string> answers;
    for (const auto& [user, password] :
         std::vector<std::pair<std::string, std::string>>{{"ida", "wrong horse battery"},
                                                          {"nobody", "correct horse battery"},
                                                          {"gone", "correct horse battery"},
                                                          {"nopass", "correct horse battery"},
                                                          {"nobody@example.com", "x"}}) {
        const auto refused = desk().sign_in(user, password);
        ASSERT_FALSE(refused.result) << user;
        answers.insert(refused.result.error().code + "|" + refused.result.error().detail);
    }
    EXPECT_EQ(answers.size(), 1U);
    EXPECT_TRUE(answers.begin()->starts_with("auth.failed|"));
}

TEST_P(IdentityTest, LimitsSignInsByAccountAndByAddress) {
    for (int i = 0; i < SignInLimits::kPerAccount.burst; ++i) {
        EXPECT_EQ(code_of(desk().sign_in("admin", "wrong", "192.0.2." + std::to_string(i)).result), "auth.failed");
    }
    const auto limited = desk().sign_in("admin", std::string(kAdminPassword), "192.0.2.99");
    EXPECT_EQ(code_of(limited.result), "rate.limited");
    EXPECT_EQ(limited.rate.remaining, 0);
    EXPECT_GT(limited.rate.reset_seconds, 0);
    desk().advance_steady(SignInLimits::kPerAccount.refill);
    EXPECT_TRUE(desk().sign_in("admin", std::string(kAdminPassword), "192.0.2.99").result);
    // A sign-in that succeeds gives back what it took.
    EXPECT_TRUE(desk().sign_in("admin", std::string(kAdminPassword), "192.0.2.99").result);
}

TEST_P(IdentityTest, SessionsEndByIdlenessByAgeAndBySigningOut) {
    const auto first = desk().sign_in("admin", std::string(kAdminPassword));
    const auto second = desk().sign_in("admin", std::string(kAdminPassword));
    ASSERT_TRUE(first.result && second.result);
    EXPECT_NE(first.result->cookie, second.result->cookie);
    EXPECT_EQ(code_of(desk().by_cookie("no such session")), "auth.failed");
    EXPECT_EQ(code_of(desk().by_cookie("")), "auth.required");

    desk().real_time().advance(kSessionTouchEvery);
    const auto used = desk().by_cookie(first.result->cookie);
    ASSERT_TRUE(used);
    ASSERT_TRUE(used->touch);
    keep_alive(desk().store(), *used);
    await([&] { return !desk().by_cookie(first.result->cookie)->touch.has_value(); }, "the use is written down");

    desk().real_time().set(second.result->expires_at);
    EXPECT_TRUE(desk().by_cookie(first.result->cookie));
    EXPECT_EQ(code_of(desk().by_cookie(second.result->cookie)), "auth.failed");
    EXPECT_EQ(session_expiry(Instant{0}, Instant{0} + kSessionAgeMax), Instant{0} + kSessionAgeMax);

    const auto third = desk().sign_in("admin", std::string(kAdminPassword));
    const auto listed = desk().read<std::vector<SessionInfo>>([&](Reader& reader) {
        return list_sessions(reader, used->session, hash_of_cookie(third.result->cookie), desk().real_time().now());
    });
    ASSERT_TRUE(listed);
    ASSERT_EQ(listed->size(), 2U);
    EXPECT_FALSE((*listed)[0].is_current);
    EXPECT_TRUE((*listed)[1].is_current);

    ASSERT_TRUE(desk().run([&](Reader& reader) {
        return end_other_sessions(reader, desk().tools(), used->session, hash_of_cookie(third.result->cookie));
    }));
    EXPECT_EQ(code_of(desk().by_cookie(first.result->cookie)), "auth.failed");
    EXPECT_TRUE(desk().by_cookie(third.result->cookie));
    ASSERT_TRUE(desk().run([&](Reader& reader) {
        return sign_out(reader, desk().tools(), used->session, hash_of_cookie(third.result->cookie));
    }));
    EXPECT_EQ(code_of(desk().by_cookie(third.result->cookie)), "auth.failed");
}

TEST_P(IdentityTest, TokensAreShownOnceBoundedAndRevocable) {
    const Session admin = desk().admin();
    const auto made = make_token(admin, {"backup script", {"read", "write"}, std::nullopt, {}});
    ASSERT_TRUE(made) << fields_of(made);
    EXPECT_EQ(made->info.expires_at, desk().real_time().now() + kTokenLifeDefault);
    EXPECT_TRUE(made->text.starts_with("flt_" + std::to_string(made->info.id) + "_"));
    const auto caller = desk().by_token(made->text);
    ASSERT_TRUE(caller);
    EXPECT_EQ(caller->session.key, "admin");
    EXPECT_TRUE(caller->session.may_write);
    EXPECT_FALSE(caller->session.is_token_unlimited);
    EXPECT_TRUE(check_csrf(*caller, ""));

    const auto reading = make_token(admin, {"reader", {"read"}, std::nullopt, {}});
    EXPECT_FALSE(desk().by_token(reading->text)->session.may_write);
    const auto all = make_token(admin, {"all", {"*"}, std::nullopt, {}});
    EXPECT_TRUE(desk().by_token(all->text)->session.is_token_unlimited);

    for (const std::string& wrong :
         {made->text + "x", made->text.substr(0, made->text.size() - 1), std::string("flt_1_"), std::string("flt__x"),
          std::string("flt_99_abc"), std::string("Bearer"),
          "flt_" + std::to_string(all->info.id) + "_" + made->text.substr(made->text.rfind('_') + 1)}) {
        EXPECT_EQ(code_of(desk().by_token(wrong)), "auth.failed") << wrong;
    }
    ASSERT_TRUE(desk().run([&](Reader& reader) { return revoke_token(reader, desk().tools(), admin, made->info.id); }));
    EXPECT_EQ(code_of(desk().by_token(made->text)), "auth.failed");
    desk().real_time().advance(kTokenLifeDefault);
    EXPECT_EQ(code_of(desk().by_token(reading->text)), "auth.failed");
}

TEST_P(IdentityTest, TokenRequestsAreCheckedAllAtOnce) {
    const Session admin = desk().admin();
    const Instant now = desk().real_time().now();
    EXPECT_EQ(fields_of(make_token(admin, {" ", {"read", "read", "root"}, now, "nobody"})),
              "/user not_found, /name blank, /scopes/1 duplicate, /scopes/2 enum, /expires_at range");
    EXPECT_EQ(fields_of(make_token(admin, {"x", {}, now + kTokenLifeMax + seconds(1), {}})),
              "/scopes required, /expires_at range");
    desk().add_user("ida");
    const Session ida = desk().session("ida");
    EXPECT_EQ(code_of(make_token(ida, {"x", {"read"}, std::nullopt, "admin"})), "auth.forbidden");
    const auto hers = make_token(ida, {"x", {"read"}, std::nullopt, {}});
    ASSERT_TRUE(hers);
    const auto other = make_token(admin, {"for ida", {"read"}, std::nullopt, "ida"});
    ASSERT_TRUE(other);
    const auto listed = [&](const Session& by) {
        return desk().read<Page<TokenInfo>>([&](Reader& reader) { return list_tokens(reader, by, {{}, 1}); });
    };
    EXPECT_EQ(listed(ida)->items.front().id, hers->info.id);
    EXPECT_EQ(listed(ida)->next, std::to_string(hers->info.id));
    const auto foreign = make_token(admin, {"own", {"*"}, std::nullopt, {}});
    EXPECT_EQ(code_of(desk().run(
                  [&](Reader& reader) { return revoke_token(reader, desk().tools(), ida, foreign->info.id); })),
              "not_found");
    EXPECT_TRUE(desk().run([&](Reader& reader) { return revoke_token(reader, desk().tools(), admin, hers->info.id); }));
}

TEST_P(IdentityTest, WhoLeavesIsRefusedAtOnceAndStaysSoAfterComingBack) {
    desk().add_user("bo", {"agent"});
    desk().give_password("bo", "correct horse battery");
    const auto cookie = desk().sign_in("bo", "correct horse battery").result->cookie;
    const auto token = make_token(desk().session("bo"), {"x", {"*"}, std::nullopt, {}})->text;
    ASSERT_TRUE(desk().by_cookie(cookie) && desk().by_token(token));
    ASSERT_TRUE(deactivate("bo"));
    EXPECT_EQ(code_of(desk().by_cookie(cookie)), "auth.failed");
    EXPECT_EQ(code_of(desk().by_token(token)), "auth.failed");
    UserFields back;
    back.reactivates = true;
    const Session admin = desk().admin();
    ASSERT_TRUE(desk().run([&](Reader& reader) { return edit_user(reader, desk().tools(), admin, "bo", back, {}); }));
    EXPECT_EQ(code_of(desk().by_cookie(cookie)), "auth.failed");
    EXPECT_EQ(code_of(desk().by_token(token)), "auth.failed");
    EXPECT_TRUE(desk().sign_in("bo", "correct horse battery").result);
}

TEST_P(IdentityTest, ANewPasswordEndsTheOtherSessions) {
    desk().add_user("ida");
    desk().give_password("ida", "correct horse battery");
    const auto kept = desk().sign_in("ida", "correct horse battery").result->cookie;
    const auto ended = desk().sign_in("ida", "correct horse battery").result->cookie;
    const Session ida = desk().session("ida");
    EditMeRequest request;
    request.password = "another long secret";
    request.session_hash = hash_of_cookie(kept);
    EXPECT_EQ(fields_of(edit_me(ida, request)), "/current_password required");
    request.current_password = "wrong horse battery";
    EXPECT_EQ(fields_of(edit_me(ida, request)), "/current_password conflict");
    request.current_password = "correct horse battery";
    request.password = "short";
    EXPECT_EQ(fields_of(edit_me(ida, request)), "/password range");
    EXPECT_TRUE(desk().by_cookie(ended));
    request.password = "another long secret";
    request.zone = "Europe/Stockholm";
    const auto edited = edit_me(ida, request);
    ASSERT_TRUE(edited) << fields_of(edited);
    EXPECT_EQ(edited->person.zone, "Europe/Stockholm");
    EXPECT_TRUE(desk().by_cookie(kept));
    EXPECT_EQ(code_of(desk().by_cookie(ended)), "auth.failed");
    EXPECT_EQ(code_of(desk().sign_in("ida", "correct horse battery").result), "auth.failed");
    EXPECT_TRUE(desk().sign_in("ida", "another long secret").result);

    desk().give_password("ida", "given by the administrator");
    EXPECT_EQ(code_of(desk().by_cookie(kept)), "auth.failed");
    std::promise<Status> outcome;
    set_password(desk().identity(), ida, "admin", "given by a requester", Runner::kNoDeadline,
                 [&](Status status) { outcome.set_value(std::move(status)); });
    EXPECT_EQ(code_of(outcome.get_future().get()), "auth.forbidden");
}

INSTANTIATE_TEST_SUITE_P(Engines, IdentityTest, testing::Values(Engine::sqlite, Engine::postgres), engine_name);

}  // namespace
}  // namespace firstline::test
