#include "app/directory/page.hpp"

#include "base/crypto.hpp"

namespace firstline::app {
namespace {

constexpr std::size_t kSignatureBytes = 16;

std::string signature_of(std::string_view secret, std::string_view list, std::string_view key) {
    const Sha256 mac = hmac_sha256(secret, "cursor\n" + std::string(list) + "\n" + std::string(key));
    return std::string(as_bytes(mac).substr(0, kSignatureBytes));
}

}  // namespace

std::string make_key_cursor(std::string_view secret, std::string_view list, std::string_view key) {
    return to_base64url(signature_of(secret, list, key) + std::string(key));
}

Result<std::string> read_key_cursor(std::string_view secret, std::string_view list, std::string_view cursor) {
    const auto bytes = from_base64url(cursor);
    if (bytes && bytes->size() > kSignatureBytes) {
        std::string key = bytes->substr(kSignatureBytes);
        if (equal_in_constant_time(std::string_view(*bytes).substr(0, kSignatureBytes),
                                   signature_of(secret, list, key)))
            return key;
    }
    return fail(Error{ErrorKind::invalid,
                      "request.invalid",
                      "This cursor is not of this list.",
                      {{"?after", "format", "Pass `next` of the page before as it came."}}});
}

}  // namespace firstline::app
