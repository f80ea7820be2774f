// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/comparison/contestant.h"
#include "core/measurement/race.h"

#include <QJsonObject>
#include <QString>

#include <optional>
#include <stdexcept>
#include <vector>

namespace Poolscope {

enum class RaceOutcome
{
    Ended,  ///< every item had its result handed out
    Hung,   ///< it waited for what would never come, and was ended
    Failed, ///< it ended before that
};

/// "ended", "hung", "failed": as files have it.
QString outcomeName(RaceOutcome outcome);

/// One round of a contestant.
struct RaceRound
{
    RaceFigures figures; ///< Of what was handed out.
    std::uint64_t processesStarted = 0;
    std::uint64_t chunksize = 1;
    /// Bytes: the most resident memory of the processes that run items, all together; what they share counts
    /// for each. 0: not known.
    std::uint64_t peakMemory = 0;
    std::uint64_t ok = 0;     ///< Items.
    std::uint64_t failed = 0; ///< Items that have no value, whatever became of them.
    RaceOutcome outcome = RaceOutcome::Ended;
    QString message = {}; ///< Why it did not end as it should, for people.
};

/// A contestant with all its rounds, and one of them to be played back.
struct Racer
{
    Contestant contestant;
    std::vector<RaceRound> rounds;
    std::optional<Replay> replay; ///< Of a round whose makespan is the median, or near it.

    /// Of a figure over the rounds.
    struct Spread
    {
        double median = 0;
        double least = 0;
        double most = 0;
        /// The middle half of them, so that of many rounds one hiccup is not all that is seen; of few all.
        double low = 0;
        double high = 0;
    };
    Spread spread(double (*figure)(const RaceRound &)) const;
    /// The first round that did not end as it should; null when all did.
    const RaceRound *trouble() const;
};

/// Why a file cannot be shown as a comparison, worded for people.
class ComparisonError : public std::runtime_error
{
public:
    explicit ComparisonError(const QString &message) : std::runtime_error(message.toStdString()) {}
    QString message() const { return QString::fromUtf8(what()); }
};

/// The same work done in several ways: all there is to show of it, without running anything.
struct Comparison
{
    QString task;
    QString input;
    std::uint64_t items = 0;
    int processes = 0; ///< Where a contestant has none of its own.
    std::vector<Racer> racers;

    /// Those whose figures can be held against each other: they came to their end, with a value for as many
    /// items, but for one in a hundred, as the one that had most. To fail is quick.
    std::vector<const Racer *> comparable() const;
    /// Those that ran at least once, where it was ended before all had, with as many rounds each.
    Comparison measured() const;

    QJsonObject toJson() const;
    /// \throws ComparisonError
    static Comparison fromJson(const QJsonObject &json);
    /// \throws ComparisonError
    void save(const QString &file) const;
    /// \throws ComparisonError
    static Comparison open(const QString &file);
};

} // namespace Poolscope
