// Passwords: hashing on the pool, its bound, and what a new one must be.
#include "app/identity/password/pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "app/identity/password/rules.hpp"
#include "base/crypto.hpp"

namespace firstline::app {
namespace {

Result<bool> verified(PasswordPool& pool, const std::string& stored, const std::string& password) {
    std::promise<Result<bool>> outcome;
    pool.verify(stored, password, [&](Result<bool> fits) { outcome.set_value(std::move(fits)); });
    return outcome.get_future().get();
}

TEST(PasswordPool, ChecksWhatItHashed) {
    PasswordPool pool({.threads = 1});
    std::promise<Result<std::string>> outcome;
    pool.hash("correct horse battery", [&](Result<std::string> hash) { outcome.set_value(std::move(hash)); });
    const auto hash = outcome.get_future().get();
    ASSERT_TRUE(hash);
    EXPECT_TRUE(hash->starts_with("$argon2id$"));
    EXPECT_TRUE(*verified(pool, *hash, "correct horse battery"));
    EXPECT_FALSE(*verified(pool, *hash, "correct horse batterz"));
    EXPECT_FALSE(*verified(pool, "", ""));
}

TEST(PasswordPool, RefusesBeyondItsQueueAndWhenItStops) {
    PasswordPool pool({.threads = 1, .waiting_max = 2});
    std::promise<void> held;
    std::promise<void> started;
    std::shared_future<void> release = held.get_future().share();
    pool.hash("first", [&](const Result<std::string>&) {
        started.set_value();
        release.wait();
    });
    started.get_future().wait();  // its thread is busy in the callback now
    std::atomic<int> limited{0}, stopped{0};
    const auto count = [&](const Result<bool>& fits) {
        if (fits) return;
        if (fits.error().code == "rate.limited") ++limited;
        if (fits.error().code == "server.busy") ++stopped;
    };
    for (int i = 0; i < 4; ++i) pool.verify("", "x", count);
    EXPECT_EQ(limited, 2);
    std::thread stopper([&] { pool.stop(); });
    while (stopped < 2) std::this_thread::yield();
    held.set_value();
    stopper.join();
    pool.verify("", "x", count);
    EXPECT_EQ(stopped, 3);
}

TEST(PasswordRules, NameWhatIsWrong) {
    const auto code = [](std::string_view password) {
        const Status status = check_new_password(password, "/password");
        return status ? std::string() : status.error().fields.front().code;
    };
    EXPECT_EQ(code("ten chars."), "");
    EXPECT_EQ(code("åäöåäöåäöå"), "");
    EXPECT_EQ(code("nine char"), "range");
    EXPECT_EQ(code("          "), "blank");
    EXPECT_EQ(code(std::string(256, 'x')), "");
    EXPECT_EQ(code(std::string(257, 'x')), "too_long");
    EXPECT_EQ(code("\xff\xfe is no text"), "utf8");
    EXPECT_EQ(make_password().size(), 20U);
    EXPECT_NE(make_password(), make_password());
}

}  // namespace
}  // namespace firstline::app
