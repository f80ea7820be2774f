# What every target shares: the language level, warnings, where things land, and the rule that makes a
# wrong include fail to compile.

include(GNUInstallDirs)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release)
endif()

# The build tree has the shape of an installed one, so that a program finds its worker, plugins and Python
# files by the same relative path in both.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
set(POOLSCOPE_TASK_PLUGIN_DIR "lib/poolscope/tasks")
set(POOLSCOPE_PYTHON_MODULE_DIR "lib/poolscope/python")
set(POOLSCOPE_SHARE_DIR "share/poolscope")

find_package(Qt6 6.4 REQUIRED COMPONENTS Core)
find_package(Threads REQUIRED)

add_library(poolscope_options INTERFACE)
target_compile_options(poolscope_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                                                   -Woverloaded-virtual)
if(POOLSCOPE_WERROR)
    target_compile_options(poolscope_options INTERFACE -Werror)
endif()
if(POOLSCOPE_SANITIZE)
    target_compile_options(poolscope_options INTERFACE -fsanitize=${POOLSCOPE_SANITIZE}
                                                       -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(poolscope_options INTERFACE -fsanitize=${POOLSCOPE_SANITIZE})
endif()
if(POOLSCOPE_FUZZ)
    # The fuzzer sees which branches an input takes.
    target_compile_options(poolscope_options INTERFACE -fsanitize=fuzzer-no-link)
    target_link_options(poolscope_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# Weak idioms of Qt that do not compile here.
add_library(poolscope_qt_options INTERFACE)
target_compile_definitions(poolscope_qt_options INTERFACE QT_NO_CAST_TO_ASCII QT_NO_URL_CAST_FROM_STRING
                                                           QT_NO_NARROWING_CONVERSIONS_IN_CONNECT)
target_link_libraries(poolscope_qt_options INTERFACE poolscope_options)

# Gives a target an include directory that holds a link to the current folder and nothing else, so that its
# headers are included by their path from the root of the project ("core/wire/frame.h") and no other folder's
# headers are found by accident.
function(poolscope_offer_folder name visibility)
    file(RELATIVE_PATH folder "${PROJECT_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}")
    set(root "${PROJECT_BINARY_DIR}/rooms/${name}")
    cmake_path(GET folder PARENT_PATH parent)
    file(MAKE_DIRECTORY "${root}/${parent}")
    if(NOT EXISTS "${root}/${folder}")
        file(CREATE_LINK "${CMAKE_CURRENT_SOURCE_DIR}" "${root}/${folder}" SYMBOLIC)
    endif()
    target_include_directories(${name} ${visibility} "$<BUILD_INTERFACE:${root}>")
endfunction()

# poolscope_room(NAME [QT] SOURCES ... [PUBLIC ...] [PRIVATE ...])
#
# A static library for the current folder. A file that includes a header of a room it does not link fails to
# compile.
function(poolscope_room name)
    cmake_parse_arguments(PARSE_ARGV 1 room "QT" "" "SOURCES;PUBLIC;PRIVATE")
    add_library(${name} STATIC ${room_SOURCES})
    poolscope_offer_folder(${name} PUBLIC)
    target_link_libraries(${name} PUBLIC ${room_PUBLIC} PRIVATE ${room_PRIVATE})
    if(room_QT)
        target_link_libraries(${name} PUBLIC Qt6::Core PRIVATE $<BUILD_INTERFACE:poolscope_qt_options>)
        set_target_properties(${name} PROPERTIES AUTOMOC ON)
    else()
        target_link_libraries(${name} PRIVATE $<BUILD_INTERFACE:poolscope_options>)
    endif()
endfunction()

# poolscope_program(NAME SOURCES ... LIBRARIES ...): an executable of the product.
function(poolscope_program name)
    cmake_parse_arguments(PARSE_ARGV 1 program "" "" "SOURCES;LIBRARIES")
    add_executable(${name} ${program_SOURCES})
    set_target_properties(${name} PROPERTIES AUTOMOC ON)
    poolscope_offer_folder(${name} PRIVATE)
    target_compile_definitions(${name} PRIVATE POOLSCOPE_VERSION="${PROJECT_VERSION}")
    target_link_libraries(${name} PRIVATE ${program_LIBRARIES} poolscope_qt_options)
    install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

# poolscope_test(NAME SOURCES ... LIBRARIES ... [LABELS ...] [TIMEOUT seconds])
#
# A Qt Test program, run headless, in a neutral locale, bounded in time.
function(poolscope_test name)
    cmake_parse_arguments(PARSE_ARGV 1 test "" "TIMEOUT" "SOURCES;LIBRARIES;LABELS;ENVIRONMENT")
    find_package(Qt6 6.4 REQUIRED COMPONENTS Test)
    add_executable(${name} ${test_SOURCES})
    set_target_properties(${name} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
    target_compile_definitions(${name} PRIVATE POOLSCOPE_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                                               POOLSCOPE_BINARY_DIR="${PROJECT_BINARY_DIR}")
    target_link_libraries(${name} PRIVATE ${test_LIBRARIES} Qt6::Test poolscope_qt_options)
    add_test(NAME ${name} COMMAND ${name})
    if("core" IN_LIST test_LABELS)
        if(NOT TARGET core_tests)
            add_custom_target(core_tests)
        endif()
        add_dependencies(core_tests ${name})
    endif()
    if(NOT test_TIMEOUT)
        set(test_TIMEOUT 120)
    endif()
    if(POOLSCOPE_SANITIZE)
        math(EXPR test_TIMEOUT "${test_TIMEOUT} * 3")
    endif()
    set_tests_properties(${name} PROPERTIES TIMEOUT ${test_TIMEOUT} LABELS "${test_LABELS}"
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;POOLSCOPE_HOME=${PROJECT_BINARY_DIR};${poolscope_test_environment};${test_ENVIRONMENT}")
endfunction()
