// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/wire/recorder.h"

#include "core/wire/frame.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

using namespace Poolscope::Wire;

namespace {

/// Memory into which a task wrote whatever it liked.
void recoverFromAnything(std::uint64_t received, std::string_view memory)
{
    // Aligned as mapped memory is, and exactly so large.
    constexpr std::align_val_t alignment{64};
    const auto free = [](char *p) { ::operator delete[](p, alignment); };
    const std::unique_ptr<char[], decltype(free)> copy(new (alignment) char[memory.size()], free);
    std::copy(memory.begin(), memory.end(), copy.get());

    std::optional<std::uint64_t> begun;
    const std::string stream = recoverStream(copy.get(), memory.size(), received, &begun);
    MUST(stream.empty() || memory.size() > recorderHeaderSize);
    MUST(stream.empty() || stream.size() <= memory.size() - recorderHeaderSize);
    FrameDecoder decoder;
    decoder.feed(stream);
    while (decoder.next()) {
    }
    MUST(decoder.framesEnd() <= stream.size());
}

/// Whatever a worker wrote and sent before it died: what arrived and what is recovered is all of it.
void recoverFromWriter(fuzz::Choices choices)
{
    // A small ring is wrapped sooner.
    constexpr std::uint64_t ringSize = 1000;
    alignas(64) char memory[recorderHeaderSize + ringSize];
    initialiseRecorder(memory);
    std::memcpy(memory + 8, &ringSize, sizeof ringSize);
    RecorderWriter writer;
    MUST(writer.attach(memory, sizeof memory));
    std::string stream;
    std::uint64_t received = 0;
    std::uint64_t items = 0;
    while (!choices.rest().empty()) {
        const std::uint64_t action = choices.below(4);
        const std::size_t amount = std::size_t(choices.below(256) * 5) + 1;
        if (action == 0) {
            const std::size_t size = std::min(amount, writer.space());
            const std::string frames(size, char('a' + stream.size() % 26));
            writer.append(frames);
            stream += frames;
        } else if (action == 1) {
            const std::string_view next = writer.unsent();
            MUST(std::string_view(stream).substr(received).starts_with(next));
            writer.sent(std::min(amount, next.size()));
            received += std::min(amount, next.size());
        } else if (action == 2 && writer.unsent().empty()) {
            stream.append(amount, '-');
            writer.skip(amount);
            received += amount;
        } else if (action == 3) {
            MUST(writer.itemBegins(std::int64_t(items)));
            ++items;
        }
        MUST(writer.space() == ringSize - (stream.size() - received));
        std::optional<std::uint64_t> begun;
        MUST(recoverStream(memory, sizeof memory, received, &begun) == stream.substr(received));
        MUST(begun == items);
    }
}

} // namespace

void fuzz::run(std::string_view bytes)
{
    Choices choices(bytes);
    if (choices.below(2) == 0) {
        const std::uint64_t received = choices.word();
        recoverFromAnything(received, choices.rest());
    } else {
        recoverFromWriter(choices);
    }
}
