#include "app/demo/demo.hpp"

#include "app/demo/cast.hpp"
#include "app/demo/furnish.hpp"
#include "app/demo/player.hpp"
#include "app/demo/records.hpp"
#include "app/demo/script.hpp"
#include "app/identity/password/rules.hpp"

namespace firstline::app::demo {
namespace {

constexpr Duration kBefore = days(16);  // the desk was set up before its first incident

Result<std::vector<Story>> read_all(Instant now) {
    std::vector<Story> out;
    for (const std::string_view text :
         {access_stories(), workplace_stories(), network_stories(), application_stories(), today_stories()}) {
        TRY(auto stories, read_stories(text, now));
        for (Story& story : stories) out.push_back(std::move(story));
    }
    return out;
}

std::int64_t count_steps(const std::vector<Story>& stories) {
    std::int64_t out = 0;
    for (const Story& story : stories) out += 1 + static_cast<std::int64_t>(story.steps.size());
    return out;
}

Status mark_complete(Toolbox& tools) {
    return tools.runner.run_and_wait(0, [](Reader&) -> Result<Runner::Decision> {
        Change change;
        change.writes.push_back(record("complete", 1));
        return change;
    });
}

}  // namespace

Result<DemoMade> make_demo(Toolbox& tools, const DemoRequest& request) {
    DemoMade out;
    out.is_password_made = request.password.empty();
    out.password = out.is_password_made ? make_password() : request.password;
    CHECK_OK(check_new_password(out.password, "/password"));
    TRY(const Records records, Records::load(tools.store));
    if (records.is_complete()) {
        out.is_complete_already = true;
        return out;
    }
    TRY(const Foreign foreign, find_foreign(tools.store));
    if (foreign.has_incidents) {
        return fail(ErrorKind::wrong_state, "demo.not_empty",
                    "This desk has incidents of its own: make the demo in a directory of its own.");
    }
    const Instant now = tools.clock.now();
    TRY(const std::vector<Story> stories, read_all(now));
    const std::int64_t total =
        count_steps(stories) +
        static_cast<std::int64_t>(organizations().size() + teams().size() + people().size() + services().size());
    std::int64_t done = 0;
    const auto advance = [&] { request.progress(++done, total); };

    ManualClock clock(now - kBefore);
    Toolbox past{tools.store, tools.blobs, clock, tools.desks, tools.runner};
    CHECK_OK(furnish(past, out, advance));
    Player player(past, clock, records);
    CHECK_OK(player.play(stories, advance));
    out.incidents = player.incidents();
    clock.set(now);
    CHECK_OK(give_passwords(past, out.password));
    CHECK_OK(mark_complete(tools));
    out.agent = kAgent;
    out.requester = kRequester;
    return out;
}

}  // namespace firstline::app::demo
