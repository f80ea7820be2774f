// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace Poolscope {

/// What the failure of an item means for the others of its call.
enum class OnError
{
    Collect, ///< every item stands for itself
    Raise,   ///< as CPython: a failure ends its chunk and, for map, the call
};

} // namespace Poolscope
