// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/snapshot.h"

#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

namespace Poolscope {

/// A wait that looks like work, or like nothing at all.
enum class SilenceKind
{
    WorkerStarting,  ///< a process does not become ready
    ItemBusy,        ///< an item runs far longer than others
    ConsumerBlocked, ///< results are ready and nobody takes them
    InputWaiting,    ///< the workers have nothing to do, and the input gives nothing and does not end
    NothingMoves,    ///< there is work, and nobody does it
};

struct Silence
{
    SilenceKind kind = SilenceKind::NothingMoves;
    double since = 0;                         ///< Seconds since the run began.
    double lasted = 0;                        ///< Seconds so far.
    bool isNew = true;                        ///< It was not among those of the snapshot before.
    std::optional<std::uint32_t> worker = {}; ///< WorkerStarting, ItemBusy: slot.
    std::optional<std::uint64_t> item = {};   ///< ItemBusy: index.
    std::optional<double> usual = {};         ///< ItemBusy: seconds within which 95 % of the items end.
    std::uint64_t waiting = 0;                ///< ConsumerBlocked: results. NothingMoves: items.
};

/// Seconds after which a wait has a name.
struct WatchdogLimits
{
    double start = 20; ///< A Python that imports large modules takes a few.
    double item = 10;  ///< And more than `itemFactor` times the usual duration.
    double itemFactor = 5;
    double unknownItem = 60; ///< For an item while it is not known how long items take.
    double consumer = 10;
    double input = 10;
    double stall = 10;
};

/// Names every silence of one run, from what it looks like again and again. Whoever shows a silence says each
/// once: when it is new.
class Watchdog
{
public:
    explicit Watchdog(const WatchdogLimits &limits = {}) : m_limits(limits) {}

    /// \param snapshot  later than the ones before
    /// \returns the silences there are now
    std::vector<Silence> observe(const RunSnapshot &snapshot);

private:
    /// How long something has been as it is.
    template <typename Value>
    struct Unchanged
    {
        std::optional<Value> value;
        double since = 0;

        double observe(const Value &current, double now)
        {
            if (value != current)
                since = now;
            value = current;
            return since;
        }
        void reset() { value.reset(); }
    };
    using Key = std::tuple<SilenceKind, std::optional<std::uint32_t>, std::optional<std::uint64_t>, double>;

    void observeWorkers(const RunSnapshot &snapshot);
    bool observeConsumer(const RunSnapshot &snapshot);
    bool observeInput(const RunSnapshot &snapshot);
    void observeProgress(const RunSnapshot &snapshot, bool isExplained);
    void add(const Silence &silence, double now, double limit);

    WatchdogLimits m_limits;
    std::vector<Unchanged<std::uint32_t>> m_starts; ///< By slot: the generation that starts.
    Unchanged<std::uint64_t> m_delivered;
    Unchanged<std::uint64_t> m_read;
    Unchanged<std::vector<std::uint64_t>> m_progress;
    std::vector<Silence> m_silences;
    std::vector<Key> m_known;
};

} // namespace Poolscope
