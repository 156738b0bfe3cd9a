#include "app/identity/password/rules.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace firstline::app {
namespace {

constexpr std::size_t kMadePasswordBytes = 15;

tl::unexpected<Error> refuse(const std::string& pointer, std::string code, const std::string& detail) {
    return fail(Error{ErrorKind::invalid, "request.invalid", detail, {{pointer, std::move(code), detail}}});
}

}  // namespace

Status check_new_password(std::string_view password, const std::string& pointer) {
    if (!is_clean_utf8(password)) return refuse(pointer, "utf8", "A password must be UTF-8 without NUL.");
    if (is_blank(password)) return refuse(pointer, "blank", "A password must not be blank.");
    const std::size_t characters = count_characters(password);
    if (characters < kPasswordCharactersMin) {
        return refuse(pointer, "range",
                      "A password has at least " + std::to_string(kPasswordCharactersMin) + " characters.");
    }
    if (characters > kPasswordCharactersMax) {
        return refuse(pointer, "too_long",
                      "A password has at most " + std::to_string(kPasswordCharactersMax) + " characters.");
    }
    return {};
}

std::string make_password() { return to_base64url(random_bytes(kMadePasswordBytes)); }

}  // namespace firstline::app
