// What stands behind the command line: configuration, the desk's place, the server (cli/port.hpp).
#pragma once

#include <memory>
#include <string>

#include "cli/port.hpp"

namespace firstline::server {

class FirstlineProgram final : public cli::Program {
public:
    FirstlineProgram();
    [[nodiscard]] std::string_view version() const override { return version_; }
    Result<std::unique_ptr<cli::AdminPort>> open(const cli::Flags& flags) override;
    Status serve(const cli::Flags& flags, const std::function<void(std::string_view)>& announce) override;
    Result<std::string> init(const cli::Flags& flags, std::string_view args) override;
    Result<std::string> remove_demo(const cli::Flags& flags, bool is_forced) override;
    Result<std::string> restore(const cli::Flags& flags, const std::string& backup) override;
    Result<std::string> configuration(const cli::Flags& flags) override;

private:
    std::string version_;  // the contract's: program and contract are released together
};

}  // namespace firstline::server
