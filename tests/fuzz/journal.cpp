// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/journal.h"

#include "tests/fuzz/fuzz.h"

#include <limits>
#include <map>

using namespace Poolscope;

namespace {

using Outcomes = std::map<std::uint64_t, std::pair<Wire::ItemStatus, std::string>>;

constexpr std::uint64_t mostItems = 1000;

Outcomes outcomesIn(Journal &journal)
{
    Outcomes outcomes;
    for (std::uint64_t index = 0; index < mostItems; ++index) {
        if (const auto status = journal.statusOf(index)) {
            const ItemResult result = journal.outcomeOf(index);
            MUST(result.index == index && result.status == *status && result.hasOutcome);
            outcomes[index] = {result.status, result.payload};
        }
    }
    return outcomes;
}

} // namespace

/// A journal loses nothing but a line that was cut off, read as often as one likes, and what is added to it
/// is there the next time.
void fuzz::run(std::string_view bytes)
{
    const MemoryFile file(bytes);
    const QString path = QString::fromStdString(file.path());
    try {
        Outcomes outcomes;
        ItemResult added;
        {
            Journal journal(path, true);
            if (!journal.header())
                return;
            MUST(!journal.header()->job.isEmpty());
            MUST(journal.header()->input.items <= std::uint64_t(std::numeric_limits<std::int64_t>::max()));
            // Read only when the input that is there has as many.
            if (journal.header()->input.items > mostItems)
                return;
            journal.readOutcomes();
            outcomes = outcomesIn(journal);
            const std::string content = file.content();
            MUST(bytes.starts_with(content) && content.ends_with('\n'));
            MUST(bytes.find('\n', content.size()) == std::string_view::npos);
            if (journal.header()->input.items == 0)
                return;
            added.index = bytes.size() % journal.header()->input.items;
            added.payload = "[1,\"\xc3\xa9\"]";
            added.hasOutcome = true;
            journal.append({&added, 1});
            MUST(journal.sync());
            MUST(journal.close());
        }
        outcomes[added.index] = {added.status, added.payload};
        Journal journal(path, true);
        journal.readOutcomes();
        MUST(outcomesIn(journal) == outcomes);
    } catch (const JournalError &error) {
        // One that cannot be read is left as it was.
        MUST(!error.problem().message.isEmpty());
        MUST(file.content() == bytes);
    }
}
