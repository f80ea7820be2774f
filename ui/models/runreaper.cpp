// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/runreaper.h"

#include "ui/models/background.h"

namespace Poolscope::RunReaper {

void take(std::unique_ptr<RunFeed> feed)
{
    if (!feed)
        return;
    feed->stop();
    Background::run([owned = std::shared_ptr<RunFeed>(std::move(feed))]() mutable { owned.reset(); });
}

void waitForAll()
{
    Background::waitForAll();
}

} // namespace Poolscope::RunReaper
