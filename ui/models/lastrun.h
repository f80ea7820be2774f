// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/snapshot.h"
#include "core/pool/jobspec.h"

#include <QObject>
#include <QString>

#include <cstdint>
#include <memory>
#include <optional>

namespace Poolscope {

/// The journals that the window keeps of its runs by itself, one a run, and the run among them that can be
/// gone on with: the one that was last worked on, here or before the program was started.
///
/// Windows share the folder. None touches a journal that a run of another is using.
class LastRun final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LastRun)

public:
    struct Found
    {
        JobSpec spec; ///< Resumes it.
        std::uint64_t items = 0;
        std::uint64_t missing = 0; ///< Without an outcome.
    };

    explicit LastRun(QObject *parent = nullptr);
    ~LastRun() override;

    static QString folder();

    /// The same job with a new journal, if its input can be read again. Forgets the oldest journals.
    static JobSpec journaled(JobSpec spec);

    /// Looks, in the background, for what an earlier session has left.
    void search();
    /// A run of this window has ended.
    void runEnded(const JobSpec &spec, const RunSnapshot &snapshot);

    /// Nothing: there is none.
    const std::optional<Found> &found() const { return m_found; }

Q_SIGNALS:
    void changed();

private:
    struct Search
    {
        LastRun *whose;
    };
    void setFound(std::optional<Found> found);

    std::optional<Found> m_found;
    std::shared_ptr<Search> m_search; ///< Null: none goes on.
};

} // namespace Poolscope
