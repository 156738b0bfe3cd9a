#include "load/request_source.hpp"

#include <fmt/format.h>

#include <fstream>

#include "base/crypto.hpp"

namespace firstline::bench {
namespace {

constexpr std::size_t kKeyPrefixBytes = 8;

tl::unexpected<Error> refuse(std::string detail) {
    return fail(ErrorKind::invalid, "load.requests", std::move(detail));
}

}  // namespace

Result<RequestSource::Template> RequestSource::read_line(std::string_view line, const std::string& token) {
    const auto method_end = line.find(' ');
    if (method_end == std::string_view::npos) return refuse("no METHOD TARGET: " + std::string(line.substr(0, 80)));
    const auto target_end = line.find(' ', method_end + 1);
    const std::string_view method = line.substr(0, method_end);
    const std::string_view target = line.substr(method_end + 1, target_end - method_end - 1);
    const std::string_view body = target_end == std::string_view::npos ? "" : line.substr(target_end + 1);
    if (!target.starts_with('/')) return refuse("no target: " + std::string(line.substr(0, 80)));

    Template out;
    out.takes_key = method == "POST";
    std::string head = fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\n", method, target);
    if (!token.empty()) head += fmt::format("Authorization: Bearer {}\r\n", token);
    if (!body.empty()) head += fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", body.size());
    if (out.takes_key) head += "Idempotency-Key: ";
    out.before_key = std::move(head);
    (out.takes_key ? out.after_key : out.before_key) += fmt::format("\r\n{}{}", out.takes_key ? "\r\n" : "", body);
    return out;
}

Result<RequestSource> RequestSource::open(const std::string& path, const std::string& token) {
    std::ifstream file(path);
    if (!file) return refuse("cannot read " + path);
    RequestSource out;
    for (std::string line; std::getline(file, line);) {
        if (line.empty()) continue;
        TRY(auto request, read_line(line, token));
        out.templates_.push_back(std::move(request));
    }
    if (out.templates_.empty()) return refuse(path + " holds no request");
    out.key_prefix_ = to_hex(random_bytes(kKeyPrefixBytes)) + "-";
    return out;
}

std::string_view RequestSource::next() {
    const Template& request = templates_[place_];
    place_ = (place_ + 1) % templates_.size();
    if (!request.takes_key) return request.before_key;
    text_ = request.before_key;
    text_ += key_prefix_;
    text_ += std::to_string(++keys_);
    text_ += request.after_key;
    return text_;
}

}  // namespace firstline::bench
