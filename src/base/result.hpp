// Result<T>: a value or an Error. TRY unwraps or returns the error to the caller.
#pragma once

#include <tl/expected.hpp>

#include <utility>

#include "base/error.hpp"

namespace firstline {

template <class T>
using Result = tl::expected<T, Error>;
using Status = tl::expected<void, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorKind kind, std::string code, std::string detail) {
    return tl::unexpected<Error>(Error{.kind = kind, .code = std::move(code), .detail = std::move(detail)});
}
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace firstline

#define FIRSTLINE_CONCAT_(a, b) a##b
#define FIRSTLINE_CONCAT(a, b) FIRSTLINE_CONCAT_(a, b)

// TRY(auto incident, load(id)); declares `incident` or returns load's error.
#define TRY(declaration, ...) TRY_(FIRSTLINE_CONCAT(try_result_, __LINE__), declaration, __VA_ARGS__)
#define TRY_(temporary, declaration, ...)                                                \
    auto temporary = (__VA_ARGS__);                                                      \
    if (!temporary) return ::firstline::fail(std::move(temporary).error()); /* NOLINT */ \
    declaration = std::move(*temporary)

// CHECK_OK(status()); returns the error of a Status, or goes on.
#define CHECK_OK(...) CHECK_OK_(FIRSTLINE_CONCAT(check_result_, __LINE__), __VA_ARGS__)
#define CHECK_OK_(temporary, ...) \
    if (auto temporary = (__VA_ARGS__); !temporary) return ::firstline::fail(std::move(temporary).error())
