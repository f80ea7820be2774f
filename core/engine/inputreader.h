// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/itemsupply.h"
#include "core/input/inputsource.h"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace Poolscope {

/// Reads a job's input in a thread of its own, chunk by chunk and only as far as it was asked to: the engine
/// never waits for a slow input, and jobs' inputs do not wait for each other (S9.4).
class InputReader final : public ItemSupply
{
public:
    enum class Pace
    {
        Eager, ///< pass on each chunk at once: the source may make us wait
        Block, ///< collect chunks to blocks worth a wake-up
    };

    /// \param wakeEngine  called in the reader's thread when there is news; must not block
    InputReader(std::unique_ptr<InputSource> source, std::uint32_t chunksize, Pace pace,
                std::function<void()> wakeEngine);
    ~InputReader() override;

    Answer allow(std::uint64_t chunks) override;
    Answer stop() override;
    Progress take() override;

private:
    void run();
    void publish(Block &&block);

    const std::unique_ptr<InputSource> m_source;
    const std::uint32_t m_chunksize;
    const Pace m_pace;
    const std::function<void()> m_wakeEngine;

    std::mutex m_mutex; // guards all below
    std::condition_variable m_changed;
    std::uint64_t m_allowed = 0;
    bool m_stopped = false;
    Progress m_progress;

    std::thread m_thread; // last: it uses all of the above
};

} // namespace Poolscope
