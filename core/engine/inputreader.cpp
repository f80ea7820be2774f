// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/inputreader.h"

#include <utility>

namespace Poolscope {

namespace {
constexpr std::size_t blockBytes = 32 * 1024;
} // namespace

InputReader::InputReader(std::unique_ptr<InputSource> source, std::uint32_t chunksize, Pace pace,
                         std::function<void()> wakeEngine)
    : m_source(std::move(source))
    , m_chunksize(chunksize)
    , m_pace(pace)
    , m_wakeEngine(std::move(wakeEngine))
    , m_thread([this] { run(); })
{}

InputReader::~InputReader()
{
    InputReader::stop();
    m_thread.join();
}

ItemSupply::Answer InputReader::allow(std::uint64_t chunks)
{
    const std::lock_guard lock(m_mutex);
    m_allowed += chunks;
    m_changed.notify_one();
    return Answer::Later;
}

ItemSupply::Answer InputReader::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopped = true;
        m_changed.notify_one();
    }
    m_source->cancel();
    return Answer::Later;
}

ItemSupply::Progress InputReader::take()
{
    const std::lock_guard lock(m_mutex);
    Progress progress = std::exchange(m_progress, {});
    m_progress.ended = progress.ended;
    return progress;
}

void InputReader::publish(Block &&block)
{
    {
        const std::lock_guard lock(m_mutex);
        m_progress.blocks.push_back(std::move(block));
    }
    m_wakeEngine();
}

void InputReader::run()
{
    std::exception_ptr error;
    for (bool atEnd = false; !atEnd;) {
        std::uint64_t allowed = 0;
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [this] { return m_allowed > 0 || m_stopped; });
            if (m_stopped)
                break;
            allowed = std::exchange(m_allowed, 0);
        }
        while (allowed > 0 && !atEnd) {
            Block block;
            do {
                const std::size_t before = block.bytes.size();
                std::uint32_t items = 0;
                try {
                    items = m_source->read(block.bytes, m_chunksize);
                } catch (...) {
                    // The unfinished chunk is dropped with the error, as CPython does (S5.13).
                    error = std::current_exception();
                    block.bytes.resize(before);
                }
                if (items > 0)
                    block.chunks.push_back({items, block.bytes.size()});
                --allowed;
                atEnd = items < m_chunksize;
            } while (m_pace == Pace::Block && allowed > 0 && !atEnd && block.bytes.size() < blockBytes);
            if (!block.chunks.empty())
                publish(std::move(block));
            const std::lock_guard lock(m_mutex);
            if (m_stopped)
                atEnd = true;
        }
    }
    {
        const std::lock_guard lock(m_mutex);
        m_progress.ended = true;
        m_progress.error = std::move(error);
    }
    m_wakeEngine();
}

} // namespace Poolscope
