// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/callsmodel.h"
#include "ui/models/poolfeed.h"
#include "ui/models/poollogmodel.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace Poolscope {

/// The pool that stays open in the window: the calls sent to it one by one, and what a program that calls
/// apply(), get() or join() would wait for.
///
/// Nothing here blocks: pools are made and destroyed in threads of their own, and waiting is a state that
/// each sample looks at again.
class LivePool final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LivePool)

public:
    enum class Phase
    {
        None, ///< never opened, or it could not be
        Opening,
        Open,
        Closed,      ///< what was submitted goes on
        Terminating, ///< processes are being ended
        Over,        ///< no process is left
    };
    using Factory = std::function<std::unique_ptr<PoolFeed>(const JobSpec &)>;

    /// A get() that was called.
    struct Get
    {
        std::optional<double> timeout; ///< Seconds; nothing: as long as it takes.
        QElapsedTimer since;
        bool isWaiting = false;
        QString result; ///< What it returned or raised, once it has.
        bool hasRaised = false;
    };

    /// More calls than these are never under way at once; the others are sent when some have become ready.
    static constexpr std::size_t mostOpenCalls = 20'000;

    /// \param factory  makes a pool, in a thread of its own; throws Error
    explicit LivePool(Factory factory, QObject *parent = nullptr);
    ~LivePool() override;

    /// Without effect while a pool goes on.
    void open(const JobSpec &spec);
    /// Sends them in their order. With Apply each one waits for the result of the one before.
    void submit(const std::vector<PoolCall> &calls, CallsModel::Method method);
    void close();
    void join();
    void terminate();
    /// \param timeout  seconds; nothing: as long as it takes
    void get(std::uint64_t call, std::optional<double> timeout);

    Phase phase() const { return m_phase; }
    /// Why the last one could not be opened; else empty.
    const QString &problem() const { return m_problem; }
    /// Whether a pool can be opened.
    bool canOpen() const { return m_phase == Phase::None || m_phase == Phase::Over; }
    /// Whether there is a pool to speak to, whatever it answers.
    bool hasPool() const { return m_feed != nullptr; }
    /// Whether the caller is free to submit: not while apply() waits, nor while calls are still being sent.
    bool canSubmit() const { return hasPool() && m_unsent.empty() && !m_applying; }
    /// Whether something can change by itself.
    bool isSampling() const { return m_sampler.isActive(); }
    bool isJoining() const { return m_isJoining; }
    bool hasJoined() const { return m_hasJoined; }
    bool wasTerminated() const { return m_wasTerminated; }
    /// The call that apply() waits for.
    std::optional<std::uint64_t> applying() const { return m_applying; }
    std::size_t unsent() const { return m_unsent.size(); }
    /// The last get() of a call; nothing when there was none.
    const Get *getOf(std::uint64_t call) const;

    /// What the pool was opened with.
    const JobSpec &spec() const { return m_spec; }
    /// The latest sample.
    const PoolSnapshot &snapshot() const { return m_snapshot; }
    CallsModel &calls() { return m_calls; }
    const CallsModel &calls() const { return m_calls; }
    PoolLogModel &log() { return m_log; }

Q_SIGNALS:
    void changed();
    /// Calls were sent on someone's behest, `first` being the first of them.
    void submitted(quint64 first);

private:
    struct Opening;

    void sample();
    void takeOpened();
    void follow();
    /// Sends what is left to be sent, for a few milliseconds.
    void send();
    void giveUpSending(const Error &error);
    void lookAtGets();
    void lookAtJoin();
    void endGet(std::uint64_t call, Get &get, const QString &result, bool hasRaised);
    void noteSubmission(const PoolCall &call, std::uint64_t first, std::size_t count);
    void endApply(std::uint64_t call);
    void noteCallbacks();
    void noteEvents();
    void noteEnd();
    void setPace();
    double now() const;
    void note(const QString &statement, const QString &text, bool hasRaised = false);

    const Factory m_factory;
    std::shared_ptr<Opening> m_opening;
    std::unique_ptr<PoolFeed> m_feed;
    JobSpec m_spec;
    PoolSnapshot m_snapshot;
    Phase m_phase = Phase::None;
    QString m_problem;
    bool m_isJoining = false;
    bool m_hasJoined = false;
    bool m_wasTerminated = false;

    CallsModel m_calls;
    PoolLogModel m_log;
    std::deque<PoolCall> m_unsent;
    CallsModel::Method m_method = CallsModel::Method::ApplyAsync; ///< Of the unsent ones.
    std::optional<std::uint64_t> m_applying;
    QString m_applyStatement;
    std::map<std::uint64_t, Get> m_gets;
    std::vector<std::pair<std::uint64_t, bool>> m_calledBack; ///< Calls and whether it threw; to be noted.
    bool m_isEndNoted = false;
    QTimer m_sampler;
    QElapsedTimer m_sinceChange;
};

} // namespace Poolscope
