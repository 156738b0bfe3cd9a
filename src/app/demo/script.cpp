#include "app/demo/script.hpp"

#include <charconv>
#include <optional>

#include "base/text.hpp"

namespace firstline::app::demo {
namespace {

std::optional<std::int64_t> to_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::vector<std::string> words_in(std::string_view text) {
    std::vector<std::string> out;
    while (!(text = trim(text)).empty()) {
        const auto cut = text.find(' ');
        out.emplace_back(text.substr(0, cut));
        text = cut == std::string_view::npos ? std::string_view{} : text.substr(cut);
    }
    return out;
}

// "4m", "2h", "1d"
std::optional<Duration> read_span(std::string_view text) {
    if (text.size() < 2) return std::nullopt;
    const auto count = to_number(text.substr(0, text.size() - 1));
    if (!count) return std::nullopt;
    switch (text.back()) {
        case 'm': return minutes(*count);
        case 'h': return hours(*count);
        case 'd': return days(*count);
        default: return std::nullopt;
    }
}

// "13d08:42" or "95m"
std::optional<Instant> read_when(std::string_view text, Instant now) {
    const auto day = text.find('d');
    if (day == std::string_view::npos) {
        const auto ago = read_span(text);
        return ago ? std::optional(now - *ago) : std::nullopt;
    }
    const auto count = to_number(text.substr(0, day));
    const std::string_view time = text.substr(day + 1);
    if (!count || time.size() != 5 || time[2] != ':') return std::nullopt;
    const auto hour = to_number(time.substr(0, 2));
    const auto minute = to_number(time.substr(3));
    if (!hour || !minute) return std::nullopt;
    const Instant today{now.us / days(1).us * days(1).us};
    // Seconds that differ from story to story make it look less like a script.
    return today - days(*count) + hours(*hour) + minutes(*minute) + seconds((*count * 7 + *minute * 13) % 60);
}

class Reader {
public:
    explicit Reader(Instant now) : now_(now) {}

    Status take(std::string_view line) {
        ++line_;
        line = trim(line);
        if (line.empty()) return {};
        const std::string_view rest = trim(line.substr(1));
        if (line.front() == '@') return begin(rest);
        if (stories.empty()) return refuse("a story begins with @");
        if (line.front() == '=') {
            stories.back().title = std::string(rest);
            return {};
        }
        if (line.front() == '>') {
            std::string& description = stories.back().description;
            if (!description.empty()) description += '\n';
            description += std::string(rest);
            return {};
        }
        return line.front() == '+' ? step(rest) : refuse("a line begins with @, =, > or +");
    }
    std::vector<Story> stories;

private:
    Status begin(std::string_view rest) {
        const auto words = words_in(rest);
        if (words.size() != 6) return refuse("@ name when channel opener requester service");
        const auto at = read_when(words[1], now_);
        if (!at) return refuse("the time is not understood");
        stories.push_back({words[0],
                           words[2],
                           words[3],
                           words[4] == "-" ? "" : words[4],
                           words[5] == "-" ? "" : words[5],
                           *at,
                           {},
                           {},
                           {}});
        at_ = *at;
        return check_time();
    }
    Status step(std::string_view rest) {
        const auto bar = rest.find(" | ");
        auto words = words_in(rest.substr(0, bar));
        const auto wait = words.size() < 3 ? std::nullopt : read_span(words[0]);
        if (!wait) return refuse("+wait who verb");
        at_ = at_ + *wait;
        Step out{at_, words[1], words[2], {words.begin() + 3, words.end()}, {}};
        if (bar != std::string_view::npos) out.text = std::string(trim(rest.substr(bar + 3)));
        stories.back().steps.push_back(std::move(out));
        return check_time();
    }
    Status check_time() { return at_ <= now_ ? Status{} : refuse("this lies in the future"); }
    Status refuse(std::string why) {
        const std::string name = stories.empty() ? std::string() : stories.back().name;
        return fail(ErrorKind::internal, "demo.script",
                    "line " + std::to_string(line_) + ", story " + name + ": " + std::move(why));
    }

    const Instant now_;
    Instant at_{};
    int line_ = 0;
};

}  // namespace

Result<std::vector<Story>> read_stories(std::string_view text, Instant now) {
    Reader reader(now);
    while (!text.empty()) {
        const auto end = text.find('\n');
        CHECK_OK(reader.take(text.substr(0, end)));
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    }
    return std::move(reader.stories);
}

}  // namespace firstline::app::demo
