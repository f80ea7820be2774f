// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace Poolscope {

/// How many items took how long. Counted in fine classes, from which bars are made when they are wanted:
/// of one width where durations are alike, doubling from bar to bar where they are not.
class DurationHistogram
{
public:
    enum class Scale
    {
        Linear,
        Logarithmic
    };
    struct Bar
    {
        double from; ///< Seconds.
        double to;
        double count;
    };
    struct Bars
    {
        Scale scale = Scale::Linear;
        std::vector<Bar> bars;
    };

    void add(double seconds, std::uint64_t times = 1);
    void clear() { *this = {}; }
    std::uint64_t count() const { return m_count; }
    double smallest() const { return m_smallest; } ///< Seconds; 0 while there is none.
    double largest() const { return m_largest; }
    /// The duration that this share of the items does not exceed, within a fiftieth of it.
    double quantile(double share) const;

    /// \param most  bars at most
    Bars bars(int most) const;

private:
    // From 0.1 us to 30 hours; what lies beyond counts as the outermost.
    static constexpr int classesPerDoubling = 24;
    static constexpr int doublings = 40;
    static constexpr double finest = 1e-7;

    static std::size_t classOf(double seconds);
    static double lowerEdge(std::size_t at);
    double countBelow(double seconds) const;

    std::array<std::uint64_t, std::size_t(classesPerDoubling) * doublings> m_classes{};
    std::uint64_t m_count = 0;
    double m_smallest = 0;
    double m_largest = 0;
};

} // namespace Poolscope
