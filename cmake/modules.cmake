# One library per folder, its tests beside the code.
#
#   baton_module(relay DEPENDS base LIBRARIES simdjson::simdjson)
#
# makes `baton_relay` from every *.cpp below the folder but *.test.cpp, and, when tests are built,
# `relay_test` from the *.test.cpp files, each of its tests known to ctest by its own name. PRECOMPILE
# names the large headers that many of the folder's files include.
include(GoogleTest)

# Not for the fuzzers: they are built with another compiler, which so finds an include that a file
# has forgotten.
function(baton_precompile target)
  if(NOT BATON_BUILD_FUZZERS)
    target_precompile_headers(${target} PRIVATE
      <algorithm> <chrono> <functional> <map> <memory> <optional> <string> <string_view> <vector>
      <boost/system/result.hpp> ${ARGN})
  endif()
endfunction()

function(baton_module name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LIBRARIES;TEST_LIBRARIES;EXCLUDE;PRECOMPILE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "\\.test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "\\.test\\.cpp$")
  foreach(excluded ${ARG_EXCLUDE})
    list(REMOVE_ITEM sources ${CMAKE_CURRENT_SOURCE_DIR}/${excluded})
  endforeach()

  add_library(baton_${name} STATIC ${sources})
  target_include_directories(baton_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  list(TRANSFORM ARG_DEPENDS PREPEND baton_)
  target_link_libraries(baton_${name} PUBLIC ${ARG_DEPENDS} ${ARG_LIBRARIES})
  baton_precompile(baton_${name} ${ARG_PRECOMPILE})

  if(BATON_BUILD_TESTS AND tests AND NOT BATON_BUILD_FUZZERS)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE
      baton_${name} ${ARG_TEST_LIBRARIES} GTest::gtest_main GTest::gmock)
    baton_precompile(${name}_test <gtest/gtest.h> <gmock/gmock.h> ${ARG_PRECOMPILE})
    gtest_discover_tests(${name}_test TEST_PREFIX ${name}. DISCOVERY_MODE PRE_TEST)
  endif()
endfunction()
