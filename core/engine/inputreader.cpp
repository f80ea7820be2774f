// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/inputreader.h"

#include "core/engine/nothread.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

#include <pthread.h>

namespace Poolscope {

namespace {
constexpr std::size_t blockBytes = 32 * 1024;
constexpr std::uint64_t skippedAtOnce = 64; // items may be large
} // namespace

struct InputReader::State
{
    std::unique_ptr<InputSource> source;
    std::uint32_t chunksize = 1;
    Pace pace = Pace::Block;
    std::shared_ptr<const ItemSelection> selection;
    std::uint64_t nextIndex = 0; ///< Of the reader's thread.

    std::mutex mutex; // guards all below
    std::condition_variable changed;
    std::function<void()> wakeEngine; ///< Called with the lock: it must not be called when it is gone.
    std::uint64_t allowed = 0;
    bool stopped = false;
    Progress progress;

    ItemSelection::Stretch nextStretch() const
    {
        return selection ? selection->next(nextIndex) : ItemSelection::Stretch{nextIndex, chunksize};
    }
    /// Returns how many items of the stretch there are.
    std::uint32_t readStretch(std::string &out, const ItemSelection::Stretch &stretch)
    {
        std::string skipped;
        while (nextIndex < stretch.first) {
            const auto most =
                std::uint32_t(std::min<std::uint64_t>(stretch.first - nextIndex, skippedAtOnce));
            skipped.clear();
            const std::uint32_t items = source->read(skipped, most);
            nextIndex += items;
            if (items < most)
                return 0;
        }
        const std::uint32_t items = source->read(out, stretch.items);
        nextIndex += items;
        return items;
    }
    void publish(Block &&block)
    {
        const std::lock_guard lock(mutex);
        progress.blocks.push_back(std::move(block));
        wakeEngine();
    }
};

InputReader::InputReader(std::unique_ptr<InputSource> source, std::uint32_t chunksize, Pace pace,
                         std::shared_ptr<const ItemSelection> selection, std::function<void()> wakeEngine)
    : m_state(std::make_shared<State>())
{
    m_state->source = std::move(source);
    m_state->chunksize = chunksize;
    m_state->pace = pace;
    m_state->selection = std::move(selection);
    m_state->wakeEngine = std::move(wakeEngine);
    try {
        m_thread = startThread([state = m_state] { run(state); });
    } catch (const NoThread &) {
        m_state->progress.ended = true;
        m_state->progress.error = std::current_exception();
        m_state->wakeEngine();
    }
}

InputReader::~InputReader()
{
    InputReader::stop();
    bool hasEnded = false;
    {
        const std::lock_guard lock(m_state->mutex);
        hasEnded = m_state->progress.ended;
        m_state->wakeEngine = [] {};
    }
    if (!m_thread.joinable())
        return;
    if (hasEnded)
        m_thread.join();
    else
        m_thread.detach();
}

ItemSupply::Answer InputReader::allow(std::uint64_t chunks)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->allowed += chunks;
    m_state->changed.notify_one();
    return Answer::Later;
}

ItemSupply::Answer InputReader::stop()
{
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->stopped = true;
        m_state->changed.notify_one();
    }
    m_state->source->cancel();
    return Answer::Later;
}

ItemSupply::Progress InputReader::take()
{
    const std::lock_guard lock(m_state->mutex);
    Progress progress = std::exchange(m_state->progress, {});
    m_state->progress.ended = progress.ended;
    return progress;
}

void InputReader::run(const std::shared_ptr<State> &state)
{
    pthread_setname_np(pthread_self(), "input");
    std::exception_ptr error;
    ItemSelection::Stretch stretch = state->nextStretch();
    for (bool atEnd = stretch.items == 0; !atEnd;) {
        std::uint64_t allowed = 0;
        {
            std::unique_lock lock(state->mutex);
            state->changed.wait(lock, [&state] { return state->allowed > 0 || state->stopped; });
            if (state->stopped)
                break;
            allowed = std::exchange(state->allowed, 0);
        }
        while (allowed > 0 && !atEnd) {
            Block block;
            do {
                const std::size_t before = block.bytes.size();
                std::uint32_t items = 0;
                try {
                    items = state->readStretch(block.bytes, stretch);
                } catch (...) {
                    // The unfinished chunk is dropped with the error, as CPython does (S5.13).
                    error = std::current_exception();
                    block.bytes.resize(before);
                }
                if (items > 0)
                    block.chunks.push_back({stretch.first, items, block.bytes.size()});
                --allowed;
                const bool isWhole = items == stretch.items;
                stretch = state->nextStretch();
                atEnd = !isWhole || stretch.items == 0;
            } while (state->pace == Pace::Block && allowed > 0 && !atEnd && block.bytes.size() < blockBytes);
            if (!block.chunks.empty())
                state->publish(std::move(block));
            const std::lock_guard lock(state->mutex);
            if (state->stopped)
                atEnd = true;
        }
    }
    const std::lock_guard lock(state->mutex);
    state->progress.ended = true;
    state->progress.error = std::move(error);
    state->wakeEngine();
}

} // namespace Poolscope
