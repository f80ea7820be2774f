// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scheduling/halt.h"

#include <charconv>

namespace Poolscope {

namespace {

bool takePrefix(std::string_view &text, std::string_view prefix)
{
    if (!text.starts_with(prefix))
        return false;
    text.remove_prefix(prefix.size());
    return true;
}

} // namespace

std::optional<HaltPolicy> haltPolicyFromText(std::string_view text)
{
    HaltPolicy policy;
    if (takePrefix(text, "now,"))
        policy.when = HaltPolicy::When::Now;
    else if (!takePrefix(text, "soon,"))
        return std::nullopt;
    if (takePrefix(text, "success="))
        policy.why = HaltPolicy::Why::Success;
    else if (!takePrefix(text, "fail="))
        return std::nullopt;
    if (text.ends_with('%')) {
        policy.isPercent = true;
        text.remove_suffix(1);
    }
    const char *end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, policy.amount);
    if (error != std::errc{} || stop != end || policy.amount < 1 ||
        policy.amount > (policy.isPercent ? 100 : largestHaltAmount))
        return std::nullopt;
    return policy;
}

std::string toText(const HaltPolicy &policy)
{
    std::string text = policy.when == HaltPolicy::When::Now ? "now," : "soon,";
    text += policy.why == HaltPolicy::Why::Success ? "success=" : "fail=";
    text += std::to_string(policy.amount);
    if (policy.isPercent)
        text += '%';
    return text;
}

void HaltDecision::itemEnded(bool ok)
{
    if (m_isDue)
        return;
    ++(ok ? m_succeeded : m_failed);
    m_isDue = m_policy.isPercent
                  ? counted() >= leastForPercent && counted() * 100 >= ended() * m_policy.amount
                  : counted() >= m_policy.amount;
}

} // namespace Poolscope
