# fl_embed(<target> <function> <file>…): compiles the files' texts into <target> as
#   std::span<const EmbeddedFile> firstline::storage::<function>()    (src/storage/embedded.hpp)
# in the order of their names. The text is read when the target is built, so that an edited file is embedded anew; give the
# files by a glob with CONFIGURE_DEPENDS so that a new one is seen.
set(FIRSTLINE_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_FILE}")

function(fl_embed target function)
    set(output "${CMAKE_CURRENT_BINARY_DIR}/embedded/${target}_${function}.cpp")
    list(SORT ARGN)
    string(REPLACE ";" "|" files "${ARGN}")
    add_custom_command(
        OUTPUT "${output}"
        COMMAND "${CMAKE_COMMAND}" "-DOUTPUT=${output}" "-DFUNCTION=${function}" "-DFILES=${files}" -P "${FIRSTLINE_EMBED_SCRIPT}"
        DEPENDS ${ARGN} "${FIRSTLINE_EMBED_SCRIPT}"
        COMMENT "Embedding ${function}"
        VERBATIM)
    # Longer than every compiler must take; ours take it.
    set_source_files_properties("${output}" PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
    target_sources(${target} PRIVATE "${output}")
endfunction()

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
    string(REPLACE "|" ";" FILES "${FILES}")
    set(rows "")
    foreach(file IN LISTS FILES)
        get_filename_component(name "${file}" NAME)
        file(READ "${file}" text)
        string(APPEND rows "    {\"${name}\", R\"fl_text(${text})fl_text\"},\n")
    endforeach()
    list(LENGTH FILES count)
    file(WRITE "${OUTPUT}" "#include \"storage/embedded.hpp\"\n\n#include <array>\n\nnamespace firstline::storage {\n"
        "namespace {\nconstexpr std::array<EmbeddedFile, ${count}> kFiles{{\n${rows}}};\n}  // namespace\n\n"
        "std::span<const EmbeddedFile> ${FUNCTION}() { return kFiles; }\n\n}  // namespace firstline::storage\n")
endif()
