// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measurement/race.h"

#include <algorithm>
#include <cmath>

namespace Poolscope {

namespace {

/// A result is on its way, and does not wait, for a millisecond at most, or in a short run for so much of it.
constexpr double longestWay = 1e-3;
constexpr double shareOfWay = 1e-3;
/// The one that is next in turn may be on its way for so much of a run.
constexpr double shareOfNext = 0.1;

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
    findWaiting();
    m_figures = measure();
}

void Replay::findWaiting()
{
    const double least = std::min(longestWay, shareOfWay * length());
    for (std::size_t position = 0; position < m_items.size(); ++position) {
        const RaceItem &item = m_items[position];
        const double late = item.delivered - item.finished;
        if (item.started < 0 || !(late > least))
            continue;
        // Nothing was before it: it waited for whoever carries it, who was busy with something else.
        if (std::isfinite(late) && late <= shareOfNext * length() && deliveredBy(item.finished) == position)
            continue;
        m_waitsFrom.push_back(item.finished);
        m_waitsUntil.push_back(item.delivered); // ascending as the items are
    }
    std::sort(m_waitsFrom.begin(), m_waitsFrom.end());
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
    std::size_t ended = 0;
    for (std::size_t begun = 0; begun < m_waitsFrom.size(); ++begun) {
        while (ended < m_waitsUntil.size() && m_waitsUntil[ended] <= m_waitsFrom[begun])
            ++ended;
        figures.mostWaited = std::max<std::uint64_t>(figures.mostWaited, begun + 1 - ended);
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
    const auto upTo = [time](const std::vector<double> &times) {
        return std::upper_bound(times.begin(), times.end(), time) - times.begin();
    };
    return std::size_t(upTo(m_waitsFrom) - upTo(m_waitsUntil));
}

double Replay::nextDelivery(double time) const
{
    const std::size_t next = deliveredBy(time);
    return next < m_items.size() ? m_items[next].delivered : -1;
}

} // namespace Poolscope
