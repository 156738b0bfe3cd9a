# fl_contract(<target>): compiles api/openapi.yaml, as JSON, into firstline::http::openapi_json().
set(FIRSTLINE_CONTRACT_SCRIPT "${CMAKE_CURRENT_LIST_FILE}")
set(FIRSTLINE_YAML_TO_JSON "${CMAKE_CURRENT_LIST_DIR}/yaml_to_json.py")

function(fl_contract target)
    # Debian's own interpreter: another python3 on the PATH may lack the yaml module.
    find_program(FIRSTLINE_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)
    set(json "${CMAKE_CURRENT_BINARY_DIR}/embedded/openapi.json")
    set(output "${CMAKE_CURRENT_BINARY_DIR}/embedded/openapi.cpp")
    set(source "${CMAKE_SOURCE_DIR}/api/openapi.yaml")
    add_custom_command(
        OUTPUT "${output}"
        COMMAND "${FIRSTLINE_PYTHON}" "${FIRSTLINE_YAML_TO_JSON}" "${source}" "${json}"
        COMMAND "${CMAKE_COMMAND}" "-DOUTPUT=${output}" "-DJSON=${json}" -P "${FIRSTLINE_CONTRACT_SCRIPT}"
        DEPENDS "${source}" "${FIRSTLINE_CONTRACT_SCRIPT}" "${FIRSTLINE_YAML_TO_JSON}"
        COMMENT "Embedding the contract"
        VERBATIM)
    # Longer than every compiler must take; ours take it.
    set_source_files_properties("${output}" PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
    target_sources(${target} PRIVATE "${output}")
endfunction()

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
    file(READ "${JSON}" text)
    file(WRITE "${OUTPUT}" "#include \"http/operation/routes.hpp\"\n\nnamespace firstline::http {\n\n"
        "std::string_view openapi_json() { return R\"fl_text(${text})fl_text\"; }\n\n}  // namespace firstline::http\n")
endif()
