// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/worker/commandtemplate.h"
#include "app/worker/task.h"

#include <string>
#include <vector>

namespace Poolscope::Worker {

/// A program, run once per item. The value is its stdout as text, to the last byte.
class CommandTask final : public Task
{
public:
    explicit CommandTask(const std::vector<std::string> &command);

    void run(const Call &call, Outcome &outcome) override;

private:
    std::vector<std::string> arguments(const Call &call) const;

    const CommandTemplate m_template;
};

} // namespace Poolscope::Worker
