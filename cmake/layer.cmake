# One layer of the house: src/<name>/**.cpp becomes library fl_<name>; its *_test.cpp become the executable test_<name>.
function(fl_layer name)
    cmake_parse_arguments(LAYER "" "" "DEPS" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/${name}/*.cpp")
    set(tests ${sources})
    list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
    list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
    list(FILTER sources EXCLUDE REGEX "/server/main\\.cpp$")
    if(sources)
        add_library(fl_${name} STATIC ${sources})
        target_include_directories(fl_${name} PUBLIC "${CMAKE_SOURCE_DIR}/src")
        target_link_libraries(fl_${name} PUBLIC ${LAYER_DEPS})
    else()
        add_library(fl_${name} INTERFACE)
        target_include_directories(fl_${name} INTERFACE "${CMAKE_SOURCE_DIR}/src")
        target_link_libraries(fl_${name} INTERFACE ${LAYER_DEPS})
    endif()
    if(FIRSTLINE_TESTS AND tests)
        fl_test_executable(test_${name} SOURCES ${tests} DEPS fl_${name})
    endif()
endfunction()

# The private PostgreSQL of `ctest`: below /tmp, because as root it runs as the user postgres, who must reach it.
string(MD5 FIRSTLINE_CTEST_POSTGRES "${CMAKE_BINARY_DIR}")
set(FIRSTLINE_CTEST_POSTGRES "/tmp/firstline-ctest-${FIRSTLINE_CTEST_POSTGRES}")

# Where the sources lie, for tests that read files: one unit knows it, so that the others compile alike in every clone.
if(FIRSTLINE_TESTS)
    file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/generated/source_dir.cpp"
         CONTENT "#include \"support/source_dir.hpp\"\n\nstd::string source_dir() { return \"@CMAKE_SOURCE_DIR@\"; }\n" @ONLY)
    add_library(fl_source_dir STATIC "${CMAKE_BINARY_DIR}/generated/source_dir.cpp")
    target_include_directories(fl_source_dir PUBLIC "${CMAKE_SOURCE_DIR}/tests")
endif()

# A GoogleTest executable. It sees src/ and tests/ (for "support/…") and finds data through source_dir().
# Only tests of what stands on a database link the compiled support library, so that the pure layers build without one.
function(fl_test_executable name)
    cmake_parse_arguments(TEST "" "" "SOURCES;DEPS" ${ARGN})
    add_executable(${name} ${TEST_SOURCES})
    target_link_libraries(${name} PRIVATE ${TEST_DEPS} fl_source_dir GTest::gmock_main rapidcheck)
    set(pure "^test_(base|domain|app)$")
    if(NOT name MATCHES "${pure}")
        target_link_libraries(${name} PRIVATE $<TARGET_NAME_IF_EXISTS:fl_test_support>)
    endif()
    if(name MATCHES "${pure}")
        add_test(NAME ${name} COMMAND ${name})
    else()
        add_test(NAME ${name} COMMAND "${CMAKE_SOURCE_DIR}/tests/support/postgres.sh" with "${FIRSTLINE_CTEST_POSTGRES}"
                                      $<TARGET_FILE:${name}>)
        set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED postgres)
    endif()
    set_property(GLOBAL APPEND PROPERTY FIRSTLINE_TEST_EXECUTABLES ${name})
endfunction()

# The list of test executables, one path a line, for the test script.
function(fl_write_test_list)
    get_property(names GLOBAL PROPERTY FIRSTLINE_TEST_EXECUTABLES)
    set(lines "")
    foreach(name IN LISTS names)
        string(APPEND lines "$<TARGET_FILE:${name}>\n")
    endforeach()
    file(GENERATE OUTPUT "${CMAKE_BINARY_DIR}/test_executables.txt" CONTENT "${lines}")
endfunction()
