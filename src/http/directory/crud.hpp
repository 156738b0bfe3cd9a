// The five routes that every named thing of the desk has: list, make, read, edit, deactivate (api.md §1, §4).
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/core/desk_cache.hpp"
#include "app/directory/page.hpp"
#include "http/api/api.hpp"
#include "http/api/json_writer.hpp"

namespace firstline::http {

// Which members of an item are wanted (`fields=`); empty: all.
using WantedFields = std::set<std::string, std::less<>>;

// Writes the members of one object, leaving out what nobody wants.
class Item {
public:
    Item(JsonWriter& json, const WantedFields& wanted) : json_(json), wanted_(wanted) { json_.begin_object(); }
    ~Item() { json_.end_object(); }
    Item(const Item&) = delete;
    Item& operator=(const Item&) = delete;

    // The writer after the member's name, or none where the member is not wanted.
    JsonWriter* member(std::string_view name) {
        if (!wanted_.empty() && !wanted_.contains(name)) return nullptr;
        return &json_.key(name);
    }
    void text(std::string_view name, std::string_view value) {
        if (auto* json = member(name)) json->text(value);
    }
    void text_or_null(std::string_view name, std::string_view value) {
        if (auto* json = member(name)) json->text_or_null(value);
    }
    void flag(std::string_view name, bool value) {
        if (auto* json = member(name)) json->flag(value);
    }
    // {"key", "name"} of a record of the desk, or null.
    template <class Record>
    void reference(std::string_view name, const Record* record) {
        auto* json = member(name);
        if (json == nullptr) return;
        if (record == nullptr) {
            json->null();
        } else {
            json->begin_object().key("key").text(record->key).key("name").text(record->name).end_object();
        }
    }

private:
    JsonWriter& json_;
    const WantedFields& wanted_;
};

// The common parameters of a list: limit, after, fields, active.
struct ListQuery {
    app::PageRequest page;
    std::optional<bool> is_active;
    WantedFields fields;
    std::string secret, list;  // of the cursor

    // `known`: the members that `fields` may name; empty: the list takes no `fields`. `has_active`: it takes `active`.
    // What the list takes besides has to be read from `query` before `finish`.
    [[nodiscard]] static Result<ListQuery> read(const Call& call, app::Reader& reader, std::string_view list,
                                                QueryFields& query, std::span<const std::string_view> known,
                                                bool has_active);
};
[[nodiscard]] std::optional<bool> read_flag(QueryFields& query, std::string_view name);
// `"next": …` after the items.
void write_next(JsonWriter& json, const ListQuery& query, const std::string& next);

[[nodiscard]] Response no_content();
// Refuses an edit that names nothing: `required` at the root.
void need_some_member(const Body& body, std::vector<FieldError>& errors);
[[nodiscard]] std::optional<std::string> required_key(Fields& fields, std::string_view name);
// `active` of an edit can only be true.
[[nodiscard]] bool reads_reactivation(Fields& fields);

// What a kind of thing needs to have those routes. All functions are use cases or their decoders.
template <class Answer, class FieldsOf>
struct Kind {
    std::string_view word;                      // "team": names the resource of a repeated request
    std::string_view path;                      // "/api/v1/teams"
    std::string_view one_path;                  // "/api/v1/teams/{key}"
    std::span<const std::string_view> members;  // what `fields` may name
    // Refuses callers who may not make one at all, before their body is looked at.
    std::function<Status(const app::Session&)> may_create, may_edit;
    std::function<Result<app::Page<Answer>>(app::Reader&, const app::Session&, std::optional<bool>,
                                            const app::PageRequest&)>
        list;
    std::function<Result<Answer>(app::Reader&, const app::Session&, const std::string&)> read;
    std::function<Result<app::Decided<Answer>>(app::Reader&, const app::Session&, const std::string&, const FieldsOf&)>
        create;
    std::function<Result<app::Decided<Answer>>(app::Reader&, const app::Session&, const std::string&, const FieldsOf&,
                                               const app::VersionGuard&)>
        edit;
    std::function<Result<app::Decided<Answer>>(app::Reader&, const app::Session&, const std::string&)>
        deactivate;  // none: no route
    FieldsOf (*decode)(Fields&);
    void (*write)(JsonWriter&, const Answer&, const WantedFields&);
    std::string (*key_of)(const Answer&);
    std::int64_t (*version_of)(const Answer&);
};

template <class Answer, class FieldsOf>
[[nodiscard]] Response answer_of(const Kind<Answer, FieldsOf>& kind, unsigned status, const Answer& answer) {
    JsonWriter json;
    kind.write(json, answer, {});
    Response response = json_response(status, json.take());
    response.headers.push_back({"ETag", etag_of(kind.version_of(answer))});
    if (status == 201) response.headers.push_back({"Location", std::string(kind.path) + "/" + kind.key_of(answer)});
    return response;
}

template <class Answer, class FieldsOf>
[[nodiscard]] Result<Response> list_of(const Kind<Answer, FieldsOf>& kind, const Call& call, app::Reader& reader) {
    std::vector<FieldError> errors;
    QueryFields query(call.query, errors);
    TRY(const ListQuery list, ListQuery::read(call, reader, kind.word, query, kind.members, true));
    query.finish();
    CHECK_OK(fields_status(std::move(errors)));
    TRY(const auto page, kind.list(reader, call.session, list.is_active, list.page));
    JsonWriter json;
    json.begin_object().key("items").begin_array();
    for (const Answer& answer : page.items) kind.write(json, answer, list.fields);
    json.end_array();
    write_next(json, list, page.next);
    json.end_object();
    return json_response(200, json.take());
}

template <class Answer, class FieldsOf>
[[nodiscard]] Result<Outcome> create_one(const Kind<Answer, FieldsOf>& kind, const Call& call, app::Reader& reader) {
    CHECK_OK(kind.may_create(call.session));
    TRY(const Body body, call.json());
    std::vector<FieldError> errors;
    Fields fields(body.value(), "", errors);
    const auto key = required_key(fields, "key");
    if (!fields.has("name")) fields.refuse("name", "required", "This is needed.");
    const FieldsOf given = kind.decode(fields);
    fields.finish();
    CHECK_OK(fields_status(std::move(errors)));
    TRY(auto decided, kind.create(reader, call.session, *key, given));
    return Outcome{std::move(decided.change), answer_of(kind, 201, decided.answer),
                   std::string(kind.word) + ":" + *key};
}

template <class Answer, class FieldsOf>
[[nodiscard]] Result<Outcome> edit_one(const Kind<Answer, FieldsOf>& kind, const Call& call, app::Reader& reader) {
    CHECK_OK(kind.may_edit(call.session));
    TRY(const Body body, call.json());
    std::vector<FieldError> errors;
    need_some_member(body, errors);
    Fields fields(body.value(), "", errors);
    FieldsOf given = kind.decode(fields);
    given.reactivates = reads_reactivation(fields);
    fields.finish();
    CHECK_OK(fields_status(std::move(errors)));
    TRY(const auto guard, call.guard(std::nullopt));
    TRY(auto decided, kind.edit(reader, call.session, call.param("key"), given, guard));
    return Outcome{std::move(decided.change), answer_of(kind, 200, decided.answer),
                   std::string(kind.word) + ":" + call.param("key")};
}

template <class Answer, class FieldsOf>
void add_named_routes(Api& api, const Kind<Answer, FieldsOf>& given) {
    const auto kind = std::make_shared<const Kind<Answer, FieldsOf>>(given);
    Router& r = api.router();
    if (kind->list) {
        r.add({"GET", kind->path, Auth::caller,
               ReadHandler([kind](Call& call, app::Reader& reader) { return list_of(*kind, call, reader); })});
    }
    Route create{"POST", kind->path, Auth::caller,
                 ChangeHandler([kind](Call& call, app::Reader& reader) { return create_one(*kind, call, reader); })};
    create.takes_idempotency_key = true;
    r.add(std::move(create));
    r.add(
        {"GET", kind->one_path, Auth::caller, ReadHandler([kind](Call& call, app::Reader& reader) -> Result<Response> {
             std::vector<FieldError> errors;
             QueryFields(call.query, errors).finish();
             CHECK_OK(fields_status(std::move(errors)));
             TRY(const Answer answer, kind->read(reader, call.session, call.param("key")));
             return answer_of(*kind, 200, answer);
         })});
    r.add({"PATCH", kind->one_path, Auth::caller,
           ChangeHandler([kind](Call& call, app::Reader& reader) { return edit_one(*kind, call, reader); })});
    if (kind->deactivate) {
        r.add({"DELETE", kind->one_path, Auth::caller,
               ChangeHandler([kind](Call& call, app::Reader& reader) -> Result<Outcome> {
                   std::vector<FieldError> errors;
                   QueryFields(call.query, errors).finish();
                   CHECK_OK(fields_status(std::move(errors)));
                   TRY(auto decided, kind->deactivate(reader, call.session, call.param("key")));
                   return Outcome{std::move(decided.change), no_content(), {}};
               })});
    }
    api.add_replay(
        kind->word,
        [kind](Call& call, app::Reader& reader, unsigned status, std::string_view resource) -> Result<Response> {
            TRY(const Answer answer,
                kind->read(reader, call.session, std::string(resource.substr(resource.find(':') + 1))));
            return answer_of(*kind, status, answer);
        });
}

}  // namespace firstline::http
