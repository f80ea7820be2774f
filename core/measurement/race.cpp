// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measurement/race.h"

#include <algorithm>

namespace Poolscope {

namespace {

/// Pairs out of order, counted while the numbers are merged into order.
std::uint64_t countInversions(std::vector<std::uint64_t> &numbers, std::vector<std::uint64_t> &scratch,
                              std::size_t begin, std::size_t end)
{
    if (end - begin < 2)
        return 0;
    const std::size_t middle = begin + (end - begin) / 2;
    std::uint64_t count =
        countInversions(numbers, scratch, begin, middle) + countInversions(numbers, scratch, middle, end);
    std::size_t left = begin;
    std::size_t right = middle;
    for (std::size_t at = begin; at < end; ++at) {
        const bool takesLeft = right == end || (left < middle && numbers[left] <= numbers[right]);
        if (!takesLeft)
            count += middle - left;
        scratch[at] = takesLeft ? numbers[left++] : numbers[right++];
    }
    std::copy(scratch.begin() + std::ptrdiff_t(begin), scratch.begin() + std::ptrdiff_t(end),
              numbers.begin() + std::ptrdiff_t(begin));
    return count;
}

} // namespace

Replay::Replay(std::vector<RaceItem> items, std::uint32_t workers)
    : m_items(std::move(items)), m_workers(std::max(workers, 1U))
{
    // Those that are handed out together keep the order they were given in.
    std::stable_sort(m_items.begin(), m_items.end(),
                     [](const RaceItem &a, const RaceItem &b) { return a.delivered < b.delivered; });
    for (const RaceItem &item : m_items)
        if (item.started >= 0)
            m_finished.push_back(item.finished);
    std::sort(m_finished.begin(), m_finished.end());
    m_figures = measure();
}

RaceFigures Replay::measure() const
{
    RaceFigures figures;
    if (m_items.empty())
        return figures;
    figures.first = m_items.front().delivered;
    figures.half = m_items[(m_items.size() - 1) / 2].delivered;
    figures.last = m_items.back().delivered;
    double busy = 0;
    std::vector<std::uint64_t> order;
    order.reserve(m_items.size());
    for (const RaceItem &item : m_items) {
        order.push_back(item.index);
        if (item.started >= 0)
            busy += item.finished - item.started;
    }
    std::vector<std::uint64_t> scratch(order.size());
    figures.inversions = countInversions(order, scratch, 0, order.size());
    if (figures.last > 0) {
        const double all = figures.last * m_workers;
        figures.throughput = double(m_items.size()) / figures.last;
        figures.utilisation = std::min(busy / all, 1.0);
        figures.overhead = std::max(all - busy, 0.0) / double(m_items.size());
    }
    // Looked at when one is finished, which itself does not wait yet: it is on its way.
    std::size_t delivered = 0;
    for (std::size_t finished = 0; finished < m_finished.size(); ++finished) {
        while (delivered < m_items.size() && m_items[delivered].delivered < m_finished[finished])
            ++delivered;
        if (finished > delivered)
            figures.mostWaited = std::max<std::uint64_t>(figures.mostWaited, finished - delivered);
    }
    return figures;
}

std::size_t Replay::deliveredBy(double time) const
{
    return std::size_t(
        std::upper_bound(m_items.begin(), m_items.end(), time,
                         [](double moment, const RaceItem &item) { return moment < item.delivered; }) -
        m_items.begin());
}

std::size_t Replay::finishedBy(double time) const
{
    return std::size_t(std::upper_bound(m_finished.begin(), m_finished.end(), time) - m_finished.begin());
}

std::size_t Replay::waitingAt(double time) const
{
    const std::size_t finished = finishedBy(time);
    const std::size_t delivered = deliveredBy(time);
    return finished > delivered ? finished - delivered : 0;
}

double Replay::nextDelivery(double time) const
{
    const std::size_t next = deliveredBy(time);
    return next < m_items.size() ? m_items[next].delivered : -1;
}

} // namespace Poolscope
