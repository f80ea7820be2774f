// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace Poolscope::Worker {

/// Why an item or the set-up failed, in the words of its record. UTF-8.
struct Failure
{
    std::string type;
    std::string message;
    std::string traceback;
};

/// What the exception being handled says; to be called in a catch block only.
Failure currentFailure();

/// Leaves the beginning of one that is too long to be sent.
void shortenFailure(Failure &failure);

/// {"type", "message", "traceback"} as compact JSON, replacing what `out` held.
void encodeFailure(const Failure &failure, std::string &out);

} // namespace Poolscope::Worker
