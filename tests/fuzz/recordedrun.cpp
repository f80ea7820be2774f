// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/recordedrun.h"

#include "tests/fuzz/fuzz.h"

#include <set>

using namespace Poolscope;

/// A run that is shown has each item once, and its figures agree with its records; whatever is no run is
/// refused with a reason.
void fuzz::run(std::string_view bytes)
{
    const MemoryFile file(bytes);
    try {
        const RecordedRun run(QString::fromStdString(file.path()));
        const RunSnapshot &figures = run.snapshot();
        constexpr std::size_t most = 1'000'000;
        const auto completed = run.completed(0, most);
        const auto delivered = run.delivered(0, most);
        std::set<std::uint64_t> items;
        std::size_t failed = 0;
        for (const ItemRecord &record : completed) {
            MUST(items.insert(record.index).second);
            failed += record.status != ItemStatus::Ok;
        }
        MUST(delivered.size() <= completed.size());
        MUST(run.failures(0, most).size() == failed);
        MUST(figures.items.ok == completed.size() - failed);
        MUST(figures.phase == RunPhase::Finished || figures.phase == RunPhase::Stopped);
    } catch (const RecordedRunError &error) {
        MUST(!error.message().isEmpty());
    }
    MUST(file.content() == bytes);
}
