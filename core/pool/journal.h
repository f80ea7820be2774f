// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/itemresult.h"
#include "core/engine/itemselection.h"
#include "core/pool/jobspec.h"
#include "core/pool/journalsummary.h"

#include <QJsonObject>
#include <QString>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace Poolscope {

/// What decides the values of a job's items, and is therefore the same in a run that resumes another.
QJsonObject journaledJob(const JobSpec &spec, const TaskSpec &task, const InitializerSpec &initializer);

/// Why a journal cannot be used, worded for people.
class JournalError : public std::runtime_error
{
public:
    JournalError(JobProblem::Kind kind, const QString &option, const QString &message)
        : std::runtime_error(message.toStdString()), m_problem{kind, option, message}
    {}
    const JobProblem &problem() const { return m_problem; }

private:
    JobProblem m_problem;
};

/// A file with the outcome of every item, from which a run that was cut off can be continued.
///
/// JSON lines: a header, then a line an outcome; of several for an item the last one counts. A last line
/// without its end was cut off by a crash and does not count. Values stay in the file: in memory is only
/// where.
class Journal
{
public:
    /// Opens the file, for this run alone, and reads its header if there is one.
    /// \throws JournalError also when the file is not empty and `resume` is false, or is no journal
    Journal(const QString &path, bool resume, JournalKeeper keeper = JournalKeeper::User);
    /// Writes what is left.
    ~Journal();
    Q_DISABLE_COPY_MOVE(Journal)

    /// What is wrong with the file as far as can be seen without reading it.
    static std::optional<JobProblem> problemWith(const QString &path, bool resume);

    /// Nothing: it is new.
    const std::optional<JournalHeader> &header() const { return m_header; }
    /// \throws JournalError unless a job like this one began the journal
    void requireJob(const QJsonObject &job, std::optional<int> chunksize) const;
    /// \throws JournalError unless the input is still the same
    void requireInput(const InputDigest &input) const;

    /// When this run began. The times of a resumed one follow those of the journal.
    void setBegan(Time began) { m_zero = began; }
    /// Reads the outcomes that an old journal has, and takes away the rest of a line that was cut off.
    /// \throws JournalError naming the line that makes no sense
    void readOutcomes();
    /// Makes a new one a journal of this job.
    void begin(const JournalHeader &header);

    /// The outcome that was read for an item.
    std::optional<Wire::ItemStatus> statusOf(std::uint64_t index) const;
    /// Reads that outcome from the file, without its times, which are of another run. \throws JournalError
    /// when the file has changed meanwhile
    ItemResult outcomeOf(std::uint64_t index);

    /// Takes up the outcomes among `results`, which are written soon. From one thread at a time; never waits
    /// for the disk.
    void append(std::span<const ItemResult> results);
    /// Waits until all that was appended is written, for a user's journal to the disk. False when it cannot
    /// be, see error().
    bool sync();
    /// Writes what is left and ends; outcomeOf() can still be used. False as for sync().
    bool close();
    QString error() const;

private:
    void readHeader();
    void readLines(std::uint64_t from, const std::function<void(std::uint64_t, std::string_view)> &see) const;
    void write();
    bool writeOut(std::string_view text);
    bool flush() const;
    JournalError unreadable(int error) const;

    const QString m_path;
    const JournalKeeper m_keeper;
    int m_descriptor = -1;
    std::optional<JournalHeader> m_header;
    Time m_zero = 0;                    ///< Zero of the journal's times on the clock of this run's.
    std::uint64_t m_size = 0;           ///< Of the whole lines that were found.
    std::uint64_t m_headerSize = 0;     ///< With its line break.
    std::vector<std::uint64_t> m_lines; ///< By index: offset of the line and, in the low bits, its status.
    std::string m_window;               ///< What outcomeOf() read last.
    std::uint64_t m_windowBegin = 0;

    mutable std::mutex m_mutex; // guards all below
    std::condition_variable m_changed;
    std::vector<ItemResult> m_pending;
    std::size_t m_pendingBytes = 0; ///< Of their payloads, and something for each.
    std::uint64_t m_appended = 0;   ///< Outcomes.
    std::uint64_t m_durable = 0;
    bool m_isAwaited = false;
    bool m_closing = false;
    QString m_error;
    std::thread m_writer;
};

/// The items of a job that have to be run when its journal is resumed: those without an outcome, lost, not
/// run and cancelled ones, and with spec.rerunFailed those that raised an error; or spec.retried alone.
ItemSelection itemsToRun(const Journal &journal, const JobSpec &spec, std::uint64_t items,
                         std::uint64_t chunksize);

} // namespace Poolscope
