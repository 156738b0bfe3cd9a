// The demo script: its lines, their times and who says them.
#include "app/demo/script.hpp"

#include <gtest/gtest.h>

#include <set>

#include "app/demo/cast.hpp"

namespace firstline::app::demo {
namespace {

// 2026-03-10, 15:00
const Instant kAfternoon = *parse_rfc3339("2026-03-10T15:00:00Z");

TEST(DemoScript, ReadsAStory) {
    const auto stories = read_stories(
        "\n@ paper 2d08:30 phone mia elsa printing\n= No paper\n> First line\n> second line\n+3m mia triage printing 3 2\n"
        "+2h mia reply | On my way | with paper\n",
        kAfternoon);
    ASSERT_TRUE(stories);
    ASSERT_EQ(stories->size(), 1U);
    const Story& story = stories->front();
    EXPECT_EQ(story.title, "No paper");
    EXPECT_EQ(story.description, "First line\nsecond line");
    EXPECT_EQ(to_rfc3339(story.at).substr(0, 16), "2026-03-08T08:30");
    ASSERT_EQ(story.steps.size(), 2U);
    EXPECT_EQ(story.steps[0].at - story.at, minutes(3));
    EXPECT_EQ(story.steps[0].words, (std::vector<std::string>{"printing", "3", "2"}));
    EXPECT_EQ(story.steps[1].at - story.at, minutes(123));
    EXPECT_EQ(story.steps[1].text, "On my way | with paper");
}

TEST(DemoScript, RefusesWhatItDoesNotUnderstand) {
    for (const std::string_view text :
         {"= Title first", "@ too few words", "@ a noon phone mia elsa -",
          "@ a 2d08:30 phone mia elsa -\n+3x mia start", "@ a 2d08:30 phone mia elsa -\nsomething",
          "@ a 2d08:30 phone mia elsa -\n+3d mia start"}) {
        const auto stories = read_stories(text, kAfternoon);
        ASSERT_FALSE(stories) << text;
        EXPECT_EQ(stories.error().code, "demo.script");
    }
}

// At whatever hour the demo is made, nothing of it lies in the future, and everybody in it is somebody.
TEST(DemoScript, StoriesFitAnyHour) {
    for (int minute = 0; minute < 24 * 60; minute += 37) {
        const Instant now = *parse_rfc3339("2026-03-10T00:00:01Z") + minutes(minute);
        std::set<std::string> names;
        std::size_t count = 0;
        for (const auto text :
             {access_stories(), workplace_stories(), network_stories(), application_stories(), today_stories()}) {
            const auto stories = read_stories(text, now);
            ASSERT_TRUE(stories) << stories.error().detail;
            for (const Story& story : *stories) {
                names.insert(story.name);
                ++count;
                EXPECT_NE(key_of(story.opener), "") << story.name;
                EXPECT_TRUE(story.requester.empty() || !key_of(story.requester).empty()) << story.name;
                for (const Step& step : story.steps) EXPECT_NE(key_of(step.who), "") << story.name << " " << step.who;
            }
        }
        EXPECT_EQ(names.size(), count) << "a story has the name of another";
    }
}

}  // namespace
}  // namespace firstline::app::demo
