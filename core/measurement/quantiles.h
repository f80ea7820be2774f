// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace Poolscope {

/// Quantiles of durations seen one at a time, within a twentieth of their value and in little memory: they
/// are counted in classes that widen with the duration.
class DurationQuantiles
{
public:
    void add(double seconds);

    std::uint64_t count() const { return m_count; }
    /// The duration that this share of those seen does not exceed; nothing while none was seen.
    /// \param share  0..1
    std::optional<double> quantile(double share) const;

private:
    // From a microsecond to 19 hours; what lies beyond counts as the outermost.
    static constexpr int classesPerDoubling = 8;
    static constexpr int doublings = 36;

    std::array<std::uint64_t, classesPerDoubling * doublings> m_classes{};
    std::uint64_t m_count = 0;
};

} // namespace Poolscope
