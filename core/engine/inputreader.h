// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/itemselection.h"
#include "core/engine/itemsupply.h"
#include "core/input/inputsource.h"

#include <functional>
#include <memory>
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

    /// \param selection   the items to pass on; null: all
    /// \param wakeEngine  called in the reader's thread when there is news; must not block
    InputReader(std::unique_ptr<InputSource> source, std::uint32_t chunksize, Pace pace,
                std::shared_ptr<const ItemSelection> selection, std::function<void()> wakeEngine);
    /// Does not wait for a source that waits: its thread is left to itself then, and ends with that read.
    ~InputReader() override;

    Answer allow(std::uint64_t chunks) override;
    Answer stop() override;
    Progress take() override;

private:
    struct State;
    static void run(const std::shared_ptr<State> &state);

    const std::shared_ptr<State> m_state; ///< Shared with the thread.
    std::thread m_thread;
};

} // namespace Poolscope
