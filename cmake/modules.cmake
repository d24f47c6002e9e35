# One library per folder, its tests beside the code.
#
#   baton_module(relay DEPENDS base LIBRARIES simdjson::simdjson)
#
# makes `baton_relay` from every *.cpp below the folder but *.test.cpp, and, when tests are built,
# `relay_test` from the *.test.cpp files, each of its tests known to ctest by its own name.
include(GoogleTest)

function(baton_module name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LIBRARIES;TEST_LIBRARIES;EXCLUDE" ${ARGN})
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

  if(BATON_BUILD_TESTS AND tests AND NOT BATON_BUILD_FUZZERS)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE
      baton_${name} ${ARG_TEST_LIBRARIES} GTest::gtest_main GTest::gmock)
    gtest_discover_tests(${name}_test TEST_PREFIX ${name}. DISCOVERY_MODE PRE_TEST)
  endif()
endfunction()
