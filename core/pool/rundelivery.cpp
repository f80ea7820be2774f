// SPDX-License-Identifier: GPL-3.0-or-later
// The consumer of a run: takes the results as the method gives them, those that the journal had in between.
#include "core/engine/errortext.h"
#include "core/pool/runprivate.h"

#include <algorithm>

namespace Poolscope {

namespace {

constexpr std::size_t deliveredAtOnce = 4096;

/// What there is to say of an item that was neither run before nor is now.
ItemResult missing(std::uint64_t index)
{
    ItemResult result;
    result.index = index;
    result.status = ItemStatus::Cancelled;
    result.payload =
        errorJson(QStringLiteral("Cancelled"), QStringLiteral("the run was stopped before it ran"));
    result.hasOutcome = true;
    return result;
}

} // namespace

/// Hands records to the sink and empties them. False when it takes no more.
bool Run::Private::deliver(std::vector<ItemRecord> &records, Time time)
{
    if (records.empty())
        return true;
    const double at = double(time - began) * 1e-9;
    for (ItemRecord &record : records)
        record.delivered = at;
    recording.addDelivered(records);
    const bool goOn = !options.sink || options.sink->deliver(records);
    const std::lock_guard lock(mutex);
    delivered += records.size();
    lastDelivery = at;
    if (firstDelivery < 0)
        firstDelivery = at;
    records.clear();
    return goOn;
}

/// Adds the outcomes from the journal of the items before `end` that were not delivered yet; delivers when
/// these become many.
bool Run::Private::appendKept(std::vector<ItemRecord> &records, std::uint64_t end)
{
    bool goOn = true;
    try {
        for (; nextKept < end && goOn; ++nextKept) {
            if (selection->contains(nextKept))
                continue;
            ItemResult result =
                journal->statusOf(nextKept) ? journal->outcomeOf(nextKept) : missing(nextKept);
            recording.addKept(result);
            records.push_back(recording.record(std::move(result)));
            if (records.size() >= deliveredAtOnce)
                goOn = deliver(records, monotonicNow());
        }
    } catch (const JournalError &error) {
        fail(error.problem().kind, error.problem().option, error.problem().message);
        goOn = false;
    }
    return goOn;
}

void Run::Private::consume()
{
    std::vector<ItemResult> results;
    std::vector<ItemRecord> records;
    Time taken = 0;
    const Delivery order = deliveryOf(spec.method);
    // How far the outcomes of the journal can be delivered before the engine gives another.
    const auto keptFrom = [&](std::uint64_t index) {
        const ItemSelection::Stretch stretch = selection->next(index);
        return stretch.items == 0 || order == Delivery::Unordered ? *total : stretch.first;
    };
    bool goOn = true;
    if (selection && order != Delivery::AllAtEnd)
        goOn = appendKept(records, keptFrom(0)) && deliver(records, monotonicNow());
    // One that takes its time takes one result at a time.
    // The pace may have changed while there was nothing to take.
    const auto takeNext = [&] {
        queue->wait();
        const std::size_t most = consumerPace.isUnhurried() ? 1 : deliveredAtOnce;
        return queue->take(results, most, std::nullopt, &taken) == ResultQueue::Outcome::Results;
    };
    while (queue && takeNext()) {
        if (waitsForDisk() && goOn) {
            goOn = journal->sync();
            if (!goOn)
                fail(JobProblem::Kind::Input, QStringLiteral("journal"), journal->error());
            taken = monotonicNow();
        }
        for (auto result = results.begin(); result != results.end() && goOn; ++result) {
            const std::uint64_t index = result->index;
            if (selection && order != Delivery::Unordered)
                goOn = appendKept(records, index);
            if (!goOn)
                break;
            records.push_back(recording.record(std::move(*result)));
            if (selection && order == Delivery::Ordered)
                goOn = appendKept(records, keptFrom(index + 1));
        }
        results.clear();
        goOn = goOn && deliver(records, taken);
        if (!goOn)
            terminate();
        if (std::exchange(isWakeDue, false))
            inEngine([this](PoolEngine &e) { e.resultsTaken(job); });
        if (consumerPace.isUnhurried())
            consumerPace.wait();
    }
    if (selection && goOn && appendKept(records, *total))
        deliver(records, monotonicNow());
}

} // namespace Poolscope
