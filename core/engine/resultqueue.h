// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/resultreceiver.h"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace Poolscope {

/// Results on their way from the engine thread to one consumer thread, in the order of delivery.
class ResultQueue final : public ResultReceiver
{
public:
    /// \param wakeEngine  called by the consumer when it took something; must not block
    explicit ResultQueue(std::function<void()> wakeEngine);

    // Engine thread.
    void push(ResultBatch &results) override;
    void finish(const JobEnd &end) override;
    std::uint64_t takenSinceLast() override;

    enum class Outcome
    {
        Results,
        Timeout,
        End
    };

    /// Consumer thread: appends up to `most` results.
    /// \param timeout  nanoseconds to wait; nothing: as long as it takes
    /// \param taken    set to the time before the engine heard of it: what it starts then comes after
    Outcome take(std::vector<ItemResult> &results, std::size_t most,
                 std::optional<Time> timeout = std::nullopt, Time *taken = nullptr);

    /// Consumer thread: waits for something to take, or for the end.
    void wait();

    /// Consumer thread: nobody will take any more; what comes counts as taken.
    void discard();

    /// How the job ended; means something once take() has answered End.
    JobEnd end() const;

private:
    void wake(std::unique_lock<std::mutex> &lock);

    mutable std::mutex m_mutex; // guards all below
    std::condition_variable m_changed;
    ResultBatch m_results;
    std::uint64_t m_taken = 0;
    bool m_finished = false;
    bool m_discarding = false;
    JobEnd m_end;
    bool m_wakePending = false;
    const std::function<void()> m_wakeEngine; ///< Called without the lock.
};

} // namespace Poolscope
