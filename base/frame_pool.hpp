// Memory for coroutine frames. A request runs through some fifteen coroutines; their frames are
// kept per thread and size class instead of going back to the allocator each time.
#pragma once

#include <cstddef>

namespace baton::frame_pool {

// From any thread; a frame may be released on another thread than it was allocated on.
void* allocate(std::size_t bytes);
void release(void* frame, std::size_t bytes) noexcept;

}  // namespace baton::frame_pool
