// Cursors belong to one list of one desk; pages know when there is more (api.md §1).
#include "app/directory/page.hpp"

#include <gtest/gtest.h>

#include <array>

namespace firstline::app {
namespace {

TEST(KeyCursor, BelongsToItsListAndDesk) {
    const std::string cursor = make_key_cursor("secret", "user&q=an", "anna-lind");
    EXPECT_EQ(read_key_cursor("secret", "user&q=an", cursor).value_or("none"), "anna-lind");
    EXPECT_EQ(cursor.find("anna"), std::string::npos);
    for (const auto& [secret, list, text] :
         std::vector<std::array<std::string, 3>>{{"other", "user&q=an", cursor},
                                                 {"secret", "user", cursor},
                                                 {"secret", "user&q=an", cursor + "A"},
                                                 {"secret", "user&q=an", cursor.substr(1)},
                                                 {"secret", "user&q=an", ""},
                                                 {"secret", "user&q=an", "no cursor!"}}) {
        const auto read = read_key_cursor(secret, list, text);
        ASSERT_FALSE(read) << secret << list << text;
        EXPECT_EQ(read.error().fields.front().pointer, "?after");
    }
}

TEST(Page, OneMoreRowSaysThatThereIsMore) {
    const auto page_of = [](int rows) {
        Page<int> page;
        for (int i = 1; i <= rows; ++i) page.add({"", 2}, i, [](int item) { return std::to_string(item); });
        return page;
    };
    EXPECT_EQ(page_of(2).next, "");
    EXPECT_EQ(page_of(3).next, "2");
    EXPECT_EQ(page_of(3).items.size(), 2U);
}

}  // namespace
}  // namespace firstline::app
