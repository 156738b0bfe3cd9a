// What passes as an address and as a language tag, and what does not.
#include "app/directory/users/fields.hpp"

#include <gtest/gtest.h>

namespace firstline::app {
namespace {

TEST(UserFields, AddressesLanguagesAndTheirLookAlikes) {
    for (const std::string_view good :
         {"a@b", "anna.lind+desk@mail.example.com", "o'brien@example.com", "åsa@exämple.se", "a@127-0-0-1.example"}) {
        EXPECT_TRUE(is_email_address(good)) << good;
    }
    for (const std::string_view wrong : {"", "@", "a@", "@b", "a b@c", "a@b@c", "a@b..c", "a@.b", "a@b.", "<a@b>",
                                         "a,b@c", "a@b\n", "a@b c", "\xff@b"}) {
        EXPECT_FALSE(is_email_address(wrong)) << wrong;
    }
    EXPECT_FALSE(is_email_address(std::string(250, 'a') + "@b.se"));
    for (const std::string_view good : {"en", "pt-BR", "zh-Hant-TW", "de-1996", "sl-rozaj-biske-1994", "en-a-bbb"})
        EXPECT_TRUE(is_language_tag(good)) << good;
    for (const std::string_view wrong :
         {"", "e", "english-", "-en", "en--us", "12", "en_US", "verylongtag", "en-verylongtag"}) {
        EXPECT_FALSE(is_language_tag(wrong)) << wrong;
    }
}

TEST(UserFields, AnAddressThatChangesIsTriedAnew) {
    domain::Desk desk;
    domain::Person person;
    person.name = "Ida";
    person.email = "ida@old.example";
    person.is_reachable = false;
    std::vector<domain::TeamId> teams;
    UserFields fields;
    fields.email = "ida@old.example";
    domain::FieldErrors errors;
    apply_fields(desk, fields, person, teams, errors);
    EXPECT_FALSE(person.is_reachable);
    fields.email = "ida@new.example";
    apply_fields(desk, fields, person, teams, errors);
    EXPECT_TRUE(person.is_reachable);
    fields.email = "";
    apply_fields(desk, fields, person, teams, errors);
    EXPECT_EQ(person.email, "");
    EXPECT_TRUE(errors.result());
}

}  // namespace
}  // namespace firstline::app
