#include "storage/sqlite/backup/manifest.hpp"

#include <boost/json.hpp>

#include <filesystem>

#include "storage/sqlite/durable_file.hpp"

namespace firstline::storage::sqlite {
namespace {

namespace json = boost::json;

constexpr int kFormat = 1;

std::string text_of(const json::object& object, std::string_view name) {
    return std::string(object.at(name).as_string());
}

// Throws where a member is missing or of another type.
Manifest from_json(const json::object& object) {
    Manifest manifest{.desk_id = text_of(object, "desk_id"),
                      .epoch = text_of(object, "epoch"),
                      .position = object.at("position").as_int64(),
                      .anchor = object.at("anchor").as_int64(),
                      .anchor_hash = text_of(object, "anchor_hash"),
                      .schema_version = object.at("schema_version").to_number<int>(),
                      .min_program = object.at("min_program").to_number<int>(),
                      .files = {}};
    for (const json::value& value : object.at("files").as_array()) {
        const json::object& file = value.as_object();
        manifest.files.push_back({text_of(file, "path"), text_of(file, "sha256"), file.at("size").as_int64()});
    }
    return manifest;
}

}  // namespace

Status write_manifest(const std::string& directory, const Manifest& manifest) {
    json::array files;
    for (const ManifestFile& file : manifest.files) {
        files.push_back(json::object{{"path", file.path}, {"size", file.size}, {"sha256", file.sha256}});
    }
    const json::object object{{"format", kFormat},
                              {"desk_id", manifest.desk_id},
                              {"epoch", manifest.epoch},
                              {"position", manifest.position},
                              {"anchor", manifest.anchor},
                              {"anchor_hash", manifest.anchor_hash},
                              {"schema_version", manifest.schema_version},
                              {"min_program", manifest.min_program},
                              {"files", std::move(files)}};
    return write_durably(directory + "/manifest.json", json::serialize(object) + "\n");
}

Result<Manifest> read_manifest(const std::string& directory) {
    const std::string path = directory + "/manifest.json";
    std::error_code missing;
    if (!std::filesystem::exists(path, missing)) {
        return fail(ErrorKind::not_found, "storage.no_backup",
                    directory + " holds no whole backup: manifest.json is missing");
    }
    TRY(const std::string text, read_whole(path));
    const auto damaged = [&] {
        return fail(ErrorKind::malformed, "storage.backup_damaged", path + " is not a manifest of this program");
    };
    try {
        const json::value value = json::parse(text);
        if (value.as_object().at("format").to_number<int>() == kFormat) return from_json(value.as_object());
    } catch (const std::exception&) {  // Boost.JSON throws on every surprise
        return damaged();
    }
    return damaged();
}

}  // namespace firstline::storage::sqlite
