# Every library comes from the distribution. `scripts/dependencies.sh` installs them.
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(simdjson REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(ZLIB REQUIRED)

# Boost: only headers are used (Asio, Beast, System's result, URL-free).
find_package(Boost 1.81 REQUIRED)
add_library(baton_boost INTERFACE)
target_link_libraries(baton_boost INTERFACE Boost::boost Threads::Threads)
target_compile_definitions(baton_boost INTERFACE
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE
  # Handlers of one request are recycled on the worker's thread instead of going to malloc.
  BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE=8)

# cpp-jwt has headers only.
find_path(CPP_JWT_INCLUDE_DIR jwt/jwt.hpp REQUIRED)
add_library(baton_jwt INTERFACE)
target_include_directories(baton_jwt SYSTEM INTERFACE ${CPP_JWT_INCLUDE_DIR})
target_link_libraries(baton_jwt INTERFACE OpenSSL::Crypto nlohmann_json::nlohmann_json)

if(NOT BATON_BUILD_FUZZERS)
  find_package(fmt REQUIRED)
  find_package(spdlog REQUIRED)
  find_package(tomlplusplus REQUIRED)
  find_package(SQLite3 REQUIRED)
  find_package(prometheus-cpp REQUIRED COMPONENTS core)

  # CAF and argon2 ship no CMake package on Debian.
  find_path(CAF_INCLUDE_DIR caf/actor_system.hpp REQUIRED)
  find_library(CAF_CORE_LIBRARY caf_core REQUIRED)
  add_library(baton_caf INTERFACE)
  target_include_directories(baton_caf SYSTEM INTERFACE ${CAF_INCLUDE_DIR})
  target_link_libraries(baton_caf INTERFACE ${CAF_CORE_LIBRARY} Threads::Threads)

  find_path(ARGON2_INCLUDE_DIR argon2.h REQUIRED)
  find_library(ARGON2_LIBRARY argon2 REQUIRED)
  add_library(baton_argon2 INTERFACE)
  target_include_directories(baton_argon2 SYSTEM INTERFACE ${ARGON2_INCLUDE_DIR})
  target_link_libraries(baton_argon2 INTERFACE ${ARGON2_LIBRARY})

  if(BATON_BUILD_TESTS)
    find_package(GTest REQUIRED)
  endif()
  if(BATON_BUILD_BENCH)
    find_package(benchmark REQUIRED)
  endif()
endif()
