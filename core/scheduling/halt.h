// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace Poolscope {

/// When a run is to end before its input does, in the words of GNU parallel: soon,fail=3 or now,success=10%.
struct HaltPolicy
{
    enum class When
    {
        Soon, ///< nothing more begins, what runs goes on to its end
        Now,  ///< what runs is cancelled too
    };
    enum class Why
    {
        Fail, ///< items that raised or were lost, after their last try
        Success
    };
    When when = When::Soon;
    Why why = Why::Fail;
    std::uint32_t amount = 1;
    bool isPercent = false; ///< `amount` is a share of the items that have ended, in percent.

    bool operator==(const HaltPolicy &) const = default;
};

/// A share says nothing while few items count: the first of all fails in one run of a hundred.
inline constexpr std::uint64_t leastForPercent = 3;

inline constexpr std::uint32_t largestHaltAmount = 100'000'000;

/// Nothing when the text is no policy. "never" is none either: it is the lack of one.
std::optional<HaltPolicy> haltPolicyFromText(std::string_view text);
std::string toText(const HaltPolicy &policy);

/// Is told how the items of one job end, and knows when that is enough. Items that never ran do not count,
/// and nothing counts any more once it is due.
class HaltDecision
{
public:
    explicit HaltDecision(const HaltPolicy &policy) : m_policy(policy) {}

    void itemEnded(bool ok);
    bool isDue() const { return m_isDue; }

    const HaltPolicy &policy() const { return m_policy; }
    std::uint64_t counted() const { return m_policy.why == HaltPolicy::Why::Fail ? m_failed : m_succeeded; }
    std::uint64_t ended() const { return m_failed + m_succeeded; }

private:
    HaltPolicy m_policy;
    std::uint64_t m_failed = 0;
    std::uint64_t m_succeeded = 0;
    bool m_isDue = false;
};

} // namespace Poolscope
