// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/input/inputsource.h"
#include "core/pool/onerror.h"
#include "core/scheduling/halt.h"
#include "core/scheduling/method.h"
#include "core/tasks/taskspec.h"

#include <QJsonObject>
#include <QList>
#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

namespace Poolscope {

/// Long enough for a task that loads gigabytes, short enough to be waited for.
inline constexpr double defaultStartTimeout = 120;

/// Who looks after a journal.
enum class JournalKeeper
{
    User,    ///< Outcomes are on the disk before they count as delivered; trouble with the file ends the run.
    Program, ///< Outcomes are written soon, which survives the program's crash but not the machine's; a run
             ///< whose outcomes cannot be written goes on.
};

/// All that a person says of a job: the same on the command line and in the form.
struct JobSpec
{
    QString task;            ///< What --task takes; empty when commandTemplate is used.
    QString commandTemplate; ///< What --command takes.
    QJsonObject parameters;  ///< Of the task.
    QString input;           ///< What --input takes.
    ItemType itemType = ItemType::Auto;
    Method method = Method::Map;
    int processes = usableCpus();
    std::optional<int> chunksize;        ///< Items per chunk; nothing: by the method's rule.
    std::optional<int> maxTasksPerChild; ///< Chunks per process; nothing: no limit.
    /// Bytes of resident memory above which a process is replaced between two items; nothing: no limit.
    std::optional<qint64> maxMemoryPerChild;
    /// Bytes of resident memory, with the programs that it runs, above which a process is ended and its item
    /// lost; nothing: no limit.
    std::optional<qint64> memoryLimit;
    std::optional<int> buffersize; ///< Chunks read ahead of the consumer; nothing: the default.
    QString initializer;
    QString initargs;                          ///< A JSON array; empty: none.
    std::optional<double> timeout;             ///< Seconds per item, from its start.
    double startTimeout = defaultStartTimeout; ///< Seconds a process may take to become ready (S8.11).
    int retries = 0;                           ///< More tries for an item that failed or was lost.
    OnError onError = OnError::Collect;
    std::optional<HaltPolicy> halt; ///< When to end before the input does; nothing: never.
    QString python;                 ///< Interpreter; empty: python3 from PATH.
    QString journal;                ///< File that keeps every outcome at once; empty: none.
    JournalKeeper journalKeeper = JournalKeeper::User;
    bool resume = false;      ///< Run only what the journal has no outcome of.
    bool rerunFailed = false; ///< Resuming, also run what raised an error.
    /// Resuming, run these items alone, whatever they came to; empty: as above.
    std::vector<std::uint64_t> retried;

    /// CPUs this process may use (its affinity), at least 1 (S1.1).
    static int usableCpus();
};

inline constexpr int maximumProcesses = 4096;

/// Something wrong with a JobSpec: which part, by the name of its option without dashes ("processes"), and
/// what to do, in words that name the value.
struct JobProblem
{
    enum class Kind
    {
        Usage, ///< the values make no sense
        Input, ///< the input cannot be read
        Task,  ///< the task cannot be loaded
    };
    Kind kind = Kind::Usage;
    QString option;
    QString message;
};

/// Checks all that can be checked at once, without running anything or reading the input through.
QList<JobProblem> checkJob(const JobSpec &spec);

/// Chunks of a map that are read before the oldest of them is done. Its results are held anyway, so this only
/// keeps its input from being held too.
inline constexpr std::uint64_t mapWindow = 8192;

/// The default for buffersize.
int defaultBuffersize(int processes);

} // namespace Poolscope
