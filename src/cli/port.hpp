// What the command line needs of the program (architecture.md §7): the layers that hold storage and HTTP stand behind these two.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace firstline::cli {

// How far something is; `total` 0 where it is not known.
using OnProgress = std::function<void(std::string_view what, std::int64_t done, std::int64_t total)>;

// A desk to administer: in this process, or the running server that has it, through its socket.
class AdminPort {
public:
    AdminPort() = default;
    AdminPort(const AdminPort&) = delete;
    AdminPort& operator=(const AdminPort&) = delete;
    virtual ~AdminPort() = default;
    // Runs one command of the admin table; `args` and the result are JSON objects. Errors: those of the command,
    // `admin.unreachable` where the server ended meanwhile.
    virtual Result<std::string> call(std::string_view command, std::string_view args, const OnProgress& progress) = 0;
};

// Settings given on the command line by their name (settings.hpp), and "config": the file to read instead of the usual ones.
using Flags = std::map<std::string, std::string, std::less<>>;

// What the program does for a command; every error is for the person who typed it.
class Program {
public:
    Program() = default;
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    virtual ~Program() = default;

    [[nodiscard]] virtual std::string_view version() const = 0;
    // Errors: `config.…`, `desk.missing`, `storage.in_use`, those of the stores.
    virtual Result<std::unique_ptr<AdminPort>> open(const Flags& flags) = 0;
    // Runs the server until it is told to stop. `announce` says on standard output what a person must see.
    virtual Status serve(const Flags& flags, const std::function<void(std::string_view)>& announce) = 0;
    // Makes the desk (and on PostgreSQL its database); JSON {user, password, password_made, location}. Error `desk.exists`.
    virtual Result<std::string> init(const Flags& flags, std::string_view args) = 0;
    // Empties a demo desk; JSON. Errors: `demo.missing`, `demo.in_use`, `storage.in_use`.
    virtual Result<std::string> remove_demo(const Flags& flags, bool is_forced) = 0;
    virtual Result<std::string> restore(const Flags& flags, const std::string& backup) = 0;
    // The settings in force: JSON {file, settings: [{name, value, source}]}. Error `config.invalid` with all of its fields.
    virtual Result<std::string> configuration(const Flags& flags) = 0;
};

}  // namespace firstline::cli
