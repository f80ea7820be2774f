// SPDX-License-Identifier: GPL-3.0-or-later
// What comes before a run: is the job sound, how many items has its input, what is left of it to run.
#include "core/pool/jobsettings.h"
#include "core/pool/memorysource.h"
#include "core/pool/runprivate.h"
#include "core/scheduling/chunkpolicy.h"
#include "core/tasks/taskcatalog.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace Poolscope {

/// Checks the task and reads the input through. False: nothing is started.
bool Run::Private::prepare()
{
    const QList<JobProblem> problems = checkJob(spec);
    if (!problems.isEmpty()) {
        fail(problems.first().kind, problems.first().option, problems.first().message);
        return false;
    }
    task = (spec.commandTemplate.isEmpty() ? findTask(spec.task, spec.parameters)
                                           : commandTask(spec.commandTemplate))
               .spec;
    if (!spec.initializer.isEmpty()) {
        QString error;
        initializer = findInitializer(spec.initializer,
                                      QJsonDocument::fromJson(spec.initargs.toUtf8()).array(), task, &error);
    }

    const InputOptions inputOptions{spec.itemType, unpacksItems(spec.method)};
    const auto goOn = [this](std::uint64_t count) {
        const std::lock_guard lock(mutex);
        published.scanned = count;
        return !stopRequested;
    };
    try {
        if (!spec.journal.isEmpty())
            openJournal();
        if (journal) {
            digest = digestInput(spec.input, inputOptions, goOn);
            if (!digest)
                return false;
            total = digest->items;
            source = openInput(spec.input, inputOptions);
        } else if (canBeReread(spec.input)) {
            total = scanInput(spec.input, inputOptions, goOn);
            if (stopRequested)
                return false;
            source = openInput(spec.input, inputOptions);
        } else {
            source = openInput(spec.input, inputOptions);
            if (chunksByLength(spec.method) && !readAhead())
                return false;
        }
    } catch (const InputError &error) {
        fail(error.kind() == InputError::Kind::Usage ? JobProblem::Kind::Usage : JobProblem::Kind::Input,
             QStringLiteral("input"), error.message());
        return false;
    } catch (const JournalError &error) {
        fail(error.problem().kind, error.problem().option, error.problem().message);
        return false;
    }
    chunksize = effectiveChunksize(spec.method, spec.chunksize, total, std::uint32_t(spec.processes));
    try {
        if (journal)
            selectItems();
    } catch (const JournalError &error) {
        fail(error.problem().kind, error.problem().option, error.problem().message);
        return false;
    }
    recording.setChunksize(chunksize);
    return true;
}

/// Opens the journal, and refuses one of another job before the input is read.
void Run::Private::openJournal()
{
    try {
        journal = std::make_unique<Journal>(spec.journal, spec.resume, spec.journalKeeper);
    } catch (const JournalError &error) {
        if (needsJournal())
            throw;
        doWithoutJournal(error.problem().message);
        return;
    }
    journal->setBegan(began);
    // Calls that send one item each have no other chunk size, whatever the journal's.
    const std::optional<int> asked = callsPerItem(spec.method) ? std::optional(1) : spec.chunksize;
    journal->requireJob(journaledJob(spec, task, initializer), asked);
}

/// Makes a new journal that of this job, or finds out from an old one what is left to run.
void Run::Private::selectItems()
{
    if (!journal->header()) {
        try {
            journal->begin({journaledJob(spec, task, initializer), chunksize, *digest, jobToJson(spec)});
        } catch (const JournalError &error) {
            if (needsJournal())
                throw;
            doWithoutJournal(error.problem().message);
            journal.reset();
        }
        return;
    }
    journal->requireInput(*digest);
    journal->readOutcomes();
    chunksize = journal->header()->chunksize;
    selection = std::make_shared<ItemSelection>(itemsToRun(*journal, spec, *total, chunksize));
    for (std::uint64_t index = 0; index < *total; ++index) {
        if (selection->contains(index))
            continue;
        ++kept.read;
        switch (journal->statusOf(index).value_or(ItemStatus::Cancelled)) {
        case ItemStatus::Ok:
            ++kept.ok;
            break;
        case ItemStatus::Error:
            ++kept.error;
            break;
        case ItemStatus::NotRun:
            ++kept.notRun;
            break;
        case ItemStatus::Lost:
            ++kept.lost;
            break;
        case ItemStatus::Cancelled:
            ++kept.cancelled;
            break;
        }
    }
}

/// Takes in the whole of an input that can be read only once. False when stopped meanwhile.
bool Run::Private::readAhead()
{
    constexpr std::uint32_t step = 1024;
    const auto waitFor = [this](InputSource *waited) {
        const std::lock_guard lock(mutex);
        waitedFor = waited;
        published.scanned = total.value_or(0);
        return !stopRequested;
    };
    std::string lines;
    total = 0;
    try {
        for (std::uint32_t items = step; items == step;) {
            if (!waitFor(source.get()))
                break;
            items = source->read(lines, step);
            *total += items;
        }
    } catch (...) {
        waitFor(nullptr);
        throw;
    }
    const bool complete = waitFor(nullptr);
    source = std::make_unique<MemorySource>(std::move(lines));
    return complete;
}

} // namespace Poolscope
