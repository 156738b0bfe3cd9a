// A stream of live changes ends with the sign-in it was opened by, and keeps none alive (architecture.md §6).
#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "app/feed/stream.hpp"
#include "app/fresh_desk.hpp"
#include "app/identity/session/sessions.hpp"
#include "app/incidents/use_cases.hpp"
#include "http/identity/authenticate.hpp"
#include "http/server/event_source.hpp"
#include "http/stream/stream_routes.hpp"

namespace firstline::test {
namespace {

using namespace app;
using http::EventSource;
using std::chrono::milliseconds;

class Answer final : public http::Exchange {
public:
    explicit Answer(std::promise<http::Response> promise) : promise_(std::move(promise)) {}
    void answer(std::uint64_t /*turn*/, http::Response&& response) override { promise_.set_value(std::move(response)); }
    void abandon(std::uint64_t /*turn*/) override {}

private:
    std::promise<http::Response> promise_;
};

class StreamEndTest : public OnAFreshDesk {
protected:
    void SetUp() override {
        OnAFreshDesk::SetUp();
        if (IsSkipped()) return;
        desk().add_user("anna", {"agent"});
        desk().give_password("anna", std::string(kAdminPassword));
    }
    void TearDown() override {
        if (hub_) hub_->stop();
        if (feed_) feed_->stop();
    }
    // Rights are asked for anew every `every`, and before something is sent where they were not for `at_sending`.
    void start(milliseconds every, milliseconds at_sending) {
        feed_ = std::make_unique<Feed>(desk().store());
        ASSERT_TRUE(feed_->start());
        StreamHub::Options options;
        options.refresh_every = every;
        options.refresh_at_sending = at_sending;
        options.retry_every = milliseconds(5);
        hub_ = std::make_unique<StreamHub>(desk().store(), *feed_, desk().tools().desks, desk().clock(), options);
        hub_->start();
        const auto authenticate = http::authenticate_by(desk().identity());
        api_ = std::make_unique<http::Api>(desk().tools(), authenticate);
        http::add_stream_routes(*api_, *hub_, authenticate);
    }
    std::shared_ptr<EventSource> open(const http::Header& credentials) {
        http::Request request;
        request.method = "GET";
        request.target = request.path = "/api/v1/stream";
        request.headers.push_back(credentials);
        request.deadline = Runner::kNoDeadline;
        std::promise<http::Response> promise;
        auto response = promise.get_future();
        api_->handle(std::move(request),
                     {std::make_shared<Answer>(std::move(promise)), 0, http::ContentCoding::identity});
        auto source = response.get().stream;
        EXPECT_TRUE(source);
        await([&] { return text_of(*source).find("id: ") != std::string::npos; }, "the first position");
        return source;
    }
    static std::string text_of(EventSource& source) {
        std::string text;
        static_cast<void>(source.take(text));
        source.sent(text.size());
        return text;
    }
    SignedIn sign_in() { return *desk().sign_in("anna", std::string(kAdminPassword)).result; }
    static http::Header cookie(const SignedIn& session) {
        return {"Cookie", std::string(http::kSessionCookie) + "=" + session.cookie};
    }
    void log(const std::string& title) {
        const Session admin = desk().admin();
        LogRequest request;
        request.title = title;
        ASSERT_TRUE(desk().run([&](Reader& reader) { return log_incident(reader, desk().tools(), admin, request); }));
    }

    std::unique_ptr<Feed> feed_;
    std::unique_ptr<StreamHub> hub_;
    std::unique_ptr<http::Api> api_;
};

TEST_P(StreamEndTest, AnIdleSessionEndsThoughItsStreamIsOpen) {
    start(milliseconds(5), milliseconds(0));
    const SignedIn session = sign_in();
    desk().real_time().advance(hours(1));
    const auto source = open(cookie(session));
    desk().real_time().advance(hours(10));
    log("Printer");
    await([&] { return text_of(*source).find("\"logged\"") != std::string::npos; }, "the event");
    EXPECT_FALSE(source->closed());
    desk().real_time().set(session.expires_at);
    await([&] { return source->closed(); }, "the end of the stream");
    EXPECT_EQ(code_of(desk().by_cookie(session.cookie)), "auth.failed");
}

// Nothing but the entry about it ends these: rights are not asked for by the clock.
TEST_P(StreamEndTest, EndsWhenTheSignInIsTakenAway) {
    start(std::chrono::hours(1), std::chrono::hours(1));
    const Session anna = desk().session("anna");
    const SignedIn first = sign_in();
    const SignedIn second = sign_in();
    const auto token = desk().run([&](Reader& reader) {
        return create_token(reader, desk().tools(), anna, {"bot", {"read"}, {}, {}}, desk().real_time().now());
    });
    ASSERT_TRUE(token);
    const auto by_first = open(cookie(first));
    const auto by_second = open(cookie(second));
    const auto by_token = open({"Authorization", "Bearer " + token->text});

    ASSERT_TRUE(desk().run(
        [&](Reader& reader) { return sign_out(reader, desk().tools(), anna, hash_of_cookie(first.cookie)); }));
    await([&] { return by_first->closed(); }, "the end by signing out");
    EXPECT_FALSE(by_second->closed() || by_token->closed());

    ASSERT_TRUE(desk().run([&](Reader& reader) { return revoke_token(reader, desk().tools(), anna, token->info.id); }));
    await([&] { return by_token->closed(); }, "the end by revoking");
    EXPECT_FALSE(by_second->closed());

    const Session admin = desk().admin();
    ASSERT_TRUE(desk().run([&](Reader& reader) { return deactivate_user(reader, desk().tools(), admin, "anna", {}); }));
    await([&] { return by_second->closed(); }, "the end by leaving");
}

TEST_P(StreamEndTest, EndsWhenTheTokenExpires) {
    start(milliseconds(5), milliseconds(0));
    const Session anna = desk().session("anna");
    const auto token = desk().run([&](Reader& reader) {
        return create_token(reader, desk().tools(), anna, {"bot", {"read"}, {}, {}}, desk().real_time().now());
    });
    ASSERT_TRUE(token);
    const auto source = open({"Authorization", "Bearer " + token->text});
    desk().real_time().advance(Duration{kTokenLifeDefault.us - seconds(1).us});
    log("Printer");
    await([&] { return text_of(*source).find("\"logged\"") != std::string::npos; }, "the event");
    EXPECT_FALSE(source->closed());
    desk().real_time().advance(seconds(1));
    await([&] { return source->closed(); }, "the end of the stream");
}

INSTANTIATE_TEST_SUITE_P(Engines, StreamEndTest, testing::Values(Engine::sqlite, Engine::postgres), engine_name);

}  // namespace
}  // namespace firstline::test
