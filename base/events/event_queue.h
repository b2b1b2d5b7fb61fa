// Pending events of a simulation, earliest first, with true cancellation.
//
// An indexed 4-ary heap of 16-byte keys beside a slot map of payloads (LaMarca and Ladner, "The Influence of
// Caches on the Performance of Heaps", 1996: wide nodes that fill one cache line). A key holds the time in
// its high 64 bits and (phase, sequence, slot) in its low 64 bits, so one 128-bit comparison orders events by
// time, then phase, then order of scheduling: ties never depend on the shape of the heap.
//
// Invariants
// - Every pending event owns one slot; position_[slot] is the place of its key, so cancel() removes the key.
// - A handle is the slot and the slot's generation, which grows when the slot is freed: stale handles refer
// to
//   nothing. (A generation wraps after 2^32 reuses of one slot.)
// - The root lies at kRoot = 3, so that the four children of a place, 4 p − 8 … 4 p − 5, share a 64-byte
// line.
// - Places at and after end_ hold kLast, which orders after every event: the smallest of four children needs
// no
//   bounds check.
// - Removing an event leaves a hole at its place. The next schedule() fills it, which makes "pop, then
// schedule
//   the successor" one walk down the heap; any other change first fills it with the heap's last key.
//
// Memory grows to the largest number of events pending at once, and clear() keeps it. Not thread-safe: one
// queue belongs to one replication.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <type_traits>
#include <vector>

#include <boost/align/aligned_allocator.hpp>

namespace spotmix {

/// Names a scheduled event; refers to nothing when default-constructed.
struct EventHandle {
  std::uint32_t slot = 0xffffffff;
  std::uint32_t generation = 0;

  friend bool operator==(const EventHandle&, const EventHandle&) = default;
};

/// `kSequenceBits` bounds how many events are scheduled before the queue renumbers its pending ones, and
/// leaves 61 − kSequenceBits bits for the slot: by default 2^24 − 1 events can be pending at once.
template <class Payload, unsigned kSequenceBits = 37>
class EventQueue {
  static_assert(std::is_trivially_copyable_v<Payload>);
  static_assert(kSequenceBits >= 4 && kSequenceBits <= 53);

 public:
  struct Event {
    std::int64_t ticks;
    Payload payload;
  };

  /// Events of equal `ticks` come in order of phase (0 … 7), and within a phase in order of scheduling.
  /// Throws std::length_error when too many events are pending.
  EventHandle schedule(std::int64_t ticks, const Payload& payload, unsigned phase = 0) {
    if (sequence_ == kSequenceEnd) renumber();
    if (end_ >= heap_.size()) heap_.resize(std::max<std::size_t>(64, 2 * heap_.size()), kLast);
    const std::uint32_t slot = take_slot();
    entries_[slot].payload = payload;
    const std::uint64_t order = std::uint64_t{phase} << 61 | sequence_++ << kSlotBits | std::uint64_t{slot};
    const Key key = make_key(ticks, order);
    if (hole_ != kNoHole) {
      const std::size_t hole = hole_;
      hole_ = kNoHole;
      place(hole, key);
    } else {
      sift_up(end_++, key);
    }
    ++size_;
    return {slot, entries_[slot].generation};
  }

  /// Removes a pending event and says true; a stale or empty handle changes nothing and says false.
  bool cancel(EventHandle handle) {
    if (!pending(handle)) return false;
    fill_hole();
    hole_ = position_[handle.slot];
    release_slot(handle.slot);
    --size_;
    return true;
  }

  bool pending(EventHandle handle) const {
    return handle.slot < entries_.size() && entries_[handle.slot].generation == handle.generation;
  }

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  /// The time of the earliest event; the queue must not be empty.
  std::int64_t next_ticks() const {
    assert(!empty());
    return ticks_of(heap_[hole_ == kRoot ? earliest_child(heap_.data(), kRoot) : kRoot]);
  }

  /// Removes and returns the earliest event; the queue must not be empty.
  Event pop() {
    assert(!empty());
    fill_hole();
    const Key key = heap_[kRoot];
    const std::uint32_t slot = slot_of(key);
    const Event event{ticks_of(key), entries_[slot].payload};
    release_slot(slot);
    hole_ = kRoot;
    --size_;
    return event;
  }

  /// Forgets all events and keeps the memory. Handles from before are stale.
  void clear() {
    for (std::size_t p = kRoot; p < end_; ++p) {
      if (p != hole_) release_slot(slot_of(heap_[p]));
      heap_[p] = kLast;
    }
    end_ = kRoot;
    hole_ = kNoHole;
    size_ = 0;
    sequence_ = 0;
  }

 private:
  __extension__ using Key = unsigned __int128;

  struct Entry {
    Payload payload;
    std::uint32_t generation = 0;
  };

  static constexpr unsigned kSlotBits = std::min(61 - kSequenceBits, 31U);
  static constexpr std::uint64_t kSlotMask = (std::uint64_t{1} << kSlotBits) - 1;
  static constexpr std::uint64_t kSequenceEnd = std::uint64_t{1} << kSequenceBits;
  static constexpr std::size_t kRoot = 3;
  static constexpr std::size_t kNoHole = 0;
  /// Places before this one have their grandchildren in the first cache anyway.
  static constexpr std::size_t kPrefetchFrom = 64;
  static constexpr std::uint32_t kNoSlot = 0xffffffff;
  static constexpr Key kLast = ~Key{0};
  /// Flipped in a key, so that negative times come first.
  static constexpr std::uint64_t kSign = std::uint64_t{1} << 63;

  static Key make_key(std::int64_t ticks, std::uint64_t order) {
    return Key{static_cast<std::uint64_t>(ticks) ^ kSign} << 64 | order;
  }
  static std::int64_t ticks_of(Key key) { return static_cast<std::int64_t>(high(key) ^ kSign); }
  static std::uint32_t slot_of(Key key) { return static_cast<std::uint32_t>(low(key) & kSlotMask); }
  static std::size_t parent(std::size_t p) { return p / 4 + 2; }
  static std::size_t first_child(std::size_t p) { return 4 * p - 8; }

  /// All ones when a < b, otherwise 0.
  static std::uint64_t less_mask(Key a, Key b) {
    return std::uint64_t{0} - static_cast<std::uint64_t>(a < b);
  }
  static std::uint64_t low(Key key) { return static_cast<std::uint64_t>(key); }
  static std::uint64_t high(Key key) { return static_cast<std::uint64_t>(key >> 64); }
  static std::uint64_t select(std::uint64_t a, std::uint64_t b, std::uint64_t mask_of_b) {
    return a ^ ((a ^ b) & mask_of_b);
  }
  static Key select(Key a, Key b, std::uint64_t mask_of_b) {
    return Key{select(high(a), high(b), mask_of_b)} << 64 | select(low(a), low(b), mask_of_b);
  }

  /// The place of the smallest key among the four children of `p`: a tournament without branches, because
  /// which child comes first cannot be predicted.
  static std::size_t earliest_child(const Key* heap, std::size_t p) {
    const std::size_t first = first_child(p);
    const Key* child = heap + first;
    const std::uint64_t left = less_mask(child[1], child[0]);
    const std::uint64_t right = less_mask(child[3], child[2]);
    const std::uint64_t last = less_mask(select(child[2], child[3], right), select(child[0], child[1], left));
    return first + select(left & 1, 2 + (right & 1), last);
  }

  /// Asks for the four lines of all grandchildren while the children are compared. The addresses may lie
  /// beyond the heap, which a prefetch allows and pointer arithmetic does not.
  static void prefetch_grandchildren(const Key* heap, std::size_t p) {
    const auto begin = reinterpret_cast<std::uintptr_t>(heap) + first_child(first_child(p)) * sizeof(Key);
    for (std::uintptr_t line = 0; line < 4; ++line) {
      // NOLINTNEXTLINE(performance-no-int-to-ptr): never dereferenced
      __builtin_prefetch(reinterpret_cast<const void*>(begin + 64 * line));
    }
  }

  std::uint32_t take_slot() {
    if (free_slot_ != kNoSlot) {
      const std::uint32_t slot = free_slot_;
      free_slot_ = position_[slot];
      return slot;
    }
    if (entries_.size() == std::min(kSlotMask, kSequenceEnd))
      throw std::length_error("EventQueue: too many pending events");
    entries_.emplace_back();
    position_.push_back(0);
    return static_cast<std::uint32_t>(entries_.size() - 1);
  }

  /// Free slots form a list through position_.
  void release_slot(std::uint32_t slot) {
    ++entries_[slot].generation;
    position_[slot] = free_slot_;
    free_slot_ = slot;
  }

  void set(std::size_t p, Key key) {
    heap_[p] = key;
    position_[slot_of(key)] = static_cast<std::uint32_t>(p);
  }

  void fill_hole() {
    if (hole_ == kNoHole) return;
    const std::size_t hole = hole_;
    hole_ = kNoHole;
    const Key last = heap_[--end_];
    heap_[end_] = kLast;
    if (hole != end_) place(hole, last);
  }

  /// Puts a key at or around the hole `p`, wherever the order of the heap wants it.
  void place(std::size_t p, Key key) {
    if (p != kRoot && key < heap_[parent(p)]) {
      sift_up(p, key);
    } else {
      sift_down(p, key);
    }
  }

  void sift_up(std::size_t p, Key key) {
    while (p != kRoot && key < heap_[parent(p)]) {
      set(p, heap_[parent(p)]);
      p = parent(p);
    }
    set(p, key);
  }

  void sift_down(std::size_t p, Key key) {
    Key* const heap = heap_.data();
    std::uint32_t* const position = position_.data();
    const std::size_t end = end_;
    while (first_child(p) < end) {
      if (p >= kPrefetchFrom) prefetch_grandchildren(heap, p);
      const std::size_t c = earliest_child(heap, p);
      const Key child = heap[c];
      if (key < child) break;
      heap[p] = child;
      position[slot_of(child)] = static_cast<std::uint32_t>(p);
      p = c;
    }
    set(p, key);
  }

  /// Gives the pending events small sequence numbers again, in their order. A sorted array is a heap.
  void renumber() {
    fill_hole();
    std::sort(heap_.begin() + kRoot, heap_.begin() + static_cast<std::ptrdiff_t>(end_));
    sequence_ = 0;
    for (std::size_t p = kRoot; p < end_; ++p) {
      constexpr std::uint64_t kKept = std::uint64_t{7} << 61 | kSlotMask;
      const std::uint64_t order = low(heap_[p]) & kKept;
      set(p, make_key(ticks_of(heap_[p]), order | sequence_++ << kSlotBits));
    }
  }

  std::vector<Key, boost::alignment::aligned_allocator<Key, 64>> heap_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> position_;
  std::size_t end_ = kRoot;
  std::size_t hole_ = kNoHole;
  std::size_t size_ = 0;
  std::uint64_t sequence_ = 0;
  std::uint32_t free_slot_ = kNoSlot;
};

}  // namespace spotmix
