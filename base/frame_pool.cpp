#include "base/frame_pool.hpp"

#include <array>
#include <new>

namespace baton::frame_pool {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool pooled = false;  // so that the sanitizers see every frame's own life
#else
constexpr bool pooled = true;
#endif

constexpr std::size_t class_bytes = 64;
constexpr std::size_t classes = 32;  // frames of up to 2 kB
constexpr std::size_t kept_per_class = 256;

struct free_frame {
  free_frame* next;
};

struct size_class {
  free_frame* first = nullptr;
  std::size_t count = 0;
};

struct thread_frames {
  std::array<size_class, classes> of_class;
  ~thread_frames() {
    for (auto& each : of_class) {
      while (each.first != nullptr) {
        auto* const frame = each.first;
        each.first = frame->next;
        ::operator delete(frame);
      }
      each.count = kept_per_class;  // what is released after this goes to the allocator
    }
  }
};

thread_local thread_frames frames;

constexpr std::size_t class_of(std::size_t bytes) {
  return (bytes - 1) / class_bytes;
}

}  // namespace

void* allocate(std::size_t bytes) {
  const auto index = class_of(bytes);
  if (!pooled || index >= classes) return ::operator new(bytes);
  auto& kept = frames.of_class[index];
  if (kept.first == nullptr) return ::operator new((index + 1) * class_bytes);
  auto* const frame = kept.first;
  kept.first = frame->next;
  --kept.count;
  return frame;
}

void release(void* frame, std::size_t bytes) noexcept {
  const auto index = class_of(bytes);
  if (!pooled || index >= classes || frames.of_class[index].count >= kept_per_class) {
    ::operator delete(frame);
    return;
  }
  auto& kept = frames.of_class[index];
  kept.first = new (frame) free_frame{kept.first};
  ++kept.count;
}

}  // namespace baton::frame_pool
