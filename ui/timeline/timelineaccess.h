// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace Poolscope {

class Timeline;

/// Tells people who cannot see the timeline what its lanes show: a list of workers, each with what it does.
namespace TimelineAccess {

/// Makes timelines known to assistive technology; may be called more than once.
void install();
void laneFocused(Timeline *timeline, int lane);

} // namespace TimelineAccess

} // namespace Poolscope
