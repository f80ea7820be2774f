// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/livepool.h"

#include "ui/models/background.h"
#include "ui/models/format.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <utility>

namespace Poolscope {

using namespace std::chrono_literals;

namespace {

constexpr auto livelyInterval = 33ms;
constexpr auto relaxedInterval = 250ms;
// As long as this after the last change it is looked at closely.
constexpr qint64 livelyFor = 1000;  // ms
constexpr qint64 sendingBudget = 8; // ms

QString raised(const Error &error)
{
    const QString type = dynamic_cast<const ValueError *>(&error)   ? QStringLiteral("ValueError")
                         : dynamic_cast<const PoolFailed *>(&error) ? QStringLiteral("PoolFailed")
                                                                    : QStringLiteral("Error");
    return type + QStringLiteral(": ") + error.message();
}

/// As a Python program has it: pool.apply_async(square, (3,), {"base": 2}, callback)
QString statementOf(const PoolCall &call, CallsModel::Method method)
{
    QStringList positional;
    for (const std::string &json : call.arguments.positional)
        positional += QString::fromStdString(json);
    QStringList keywords;
    for (const auto &[name, json] : call.arguments.keywords)
        keywords += QStringLiteral("\"%1\": %2").arg(name, QString::fromStdString(json));

    QStringList parts = {call.function()};
    if (!positional.isEmpty() || !keywords.isEmpty())
        parts += QStringLiteral("(%1%2)").arg(positional.join(QStringLiteral(", ")),
                                              positional.size() == 1 ? QStringLiteral(",") : QString());
    if (!keywords.isEmpty())
        parts += QStringLiteral("{%1}").arg(keywords.join(QStringLiteral(", ")));
    if (call.hasCallback)
        parts += QStringLiteral("callback=…");
    if (call.hasErrorCallback)
        parts += QStringLiteral("error_callback=…");
    return QStringLiteral("pool.%1(%2)")
        .arg(method == CallsModel::Method::Apply ? QStringLiteral("apply") : QStringLiteral("apply_async"),
             parts.join(QStringLiteral(", ")));
}

QString getStatement(std::uint64_t call, std::optional<double> timeout)
{
    return QStringLiteral("r%1.get(%2)").arg(call).arg(timeout ? QString::number(*timeout) : QString());
}

QString namesOf(const std::vector<std::uint64_t> &numbers)
{
    if (numbers.size() == 1)
        return LivePool::tr("call %1").arg(numbers.front());
    if (numbers.size() > 4)
        return Format::calls(numbers.size());
    QStringList names;
    for (const std::uint64_t number : numbers)
        names += QString::number(number);
    return LivePool::tr("calls %1").arg(names.join(QStringLiteral(", ")));
}

} // namespace

/// Shared with the thread that makes the pool; whoever is left last destroys it.
struct LivePool::Opening
{
    std::mutex mutex;
    std::unique_ptr<PoolFeed> feed;
    QString problem;
    bool isDone = false;
    bool isUnwanted = false; ///< The window has gone meanwhile.
};

namespace {

void retire(std::unique_ptr<PoolFeed> feed)
{
    if (!feed)
        return;
    feed->terminate();
    Background::run([owned = std::shared_ptr<PoolFeed>(std::move(feed))]() mutable { owned.reset(); });
}

} // namespace

LivePool::LivePool(Factory factory, QObject *parent) : QObject(parent), m_factory(std::move(factory))
{
    connect(&m_sampler, &QTimer::timeout, this, &LivePool::sample);
    connect(&m_calls, &CallsModel::callbackReturned, this,
            [this](quint64 call, bool threw) { m_calledBack.emplace_back(call, threw); });
}

LivePool::~LivePool()
{
    if (m_opening) {
        const std::lock_guard lock(m_opening->mutex);
        m_opening->isUnwanted = true;
        retire(std::move(m_opening->feed));
    }
    retire(std::move(m_feed));
}

void LivePool::open(const JobSpec &spec)
{
    if (!canOpen())
        return;
    retire(std::move(m_feed));
    m_spec = spec;
    m_snapshot = {};
    m_calls.clear();
    m_gets.clear();
    m_unsent.clear();
    m_applying.reset();
    m_isJoining = m_hasJoined = m_wasTerminated = m_isEndNoted = false;
    m_phase = Phase::Opening;
    m_problem.clear();
    m_opening = std::make_shared<Opening>();
    Background::run([opening = m_opening, factory = m_factory, spec] {
        std::unique_ptr<PoolFeed> feed;
        QString problem;
        try {
            feed = factory(spec);
        } catch (const Error &error) {
            problem = raised(error);
        }
        const std::lock_guard lock(opening->mutex);
        opening->problem = problem;
        opening->isDone = true;
        if (!opening->isUnwanted)
            opening->feed = std::move(feed);
    });
    setPace();
    Q_EMIT changed();
}

void LivePool::takeOpened()
{
    std::unique_ptr<PoolFeed> feed;
    QString problem;
    {
        const std::lock_guard lock(m_opening->mutex);
        if (!m_opening->isDone)
            return;
        feed = std::move(m_opening->feed);
        problem = m_opening->problem;
    }
    m_opening.reset();
    const QString statement = QStringLiteral("pool = %1").arg(poolText(m_spec));
    if (!feed) {
        m_phase = Phase::None;
        m_problem = problem;
        note(statement, problem, true);
        return;
    }
    m_feed = std::move(feed);
    m_phase = Phase::Open;
    note(statement, tr("Starts %1, before any work.").arg(Format::workers(std::uint64_t(m_spec.processes))));
}

void LivePool::submit(const std::vector<PoolCall> &calls, CallsModel::Method method)
{
    if (!canSubmit() || calls.empty())
        return;
    const std::uint64_t first = m_calls.lastNumber() + 1;
    m_unsent.assign(calls.begin(), calls.end());
    m_method = method;
    send();
    if (m_calls.has(first)) {
        if (method == CallsModel::Method::ApplyAsync)
            noteSubmission(calls.front(), first, calls.size());
        Q_EMIT submitted(first);
    }
    m_sinceChange.start();
    setPace();
    Q_EMIT changed();
}

void LivePool::send()
{
    if (m_unsent.empty() || m_applying)
        return;
    QElapsedTimer clock;
    clock.start();
    std::vector<CallsModel::SentCall> sent;
    while (!m_unsent.empty() && m_calls.counts().open() + sent.size() < mostOpenCalls) {
        PoolCall &call = m_unsent.front();
        try {
            const double submitted = now();
            sent.push_back({call.text(), m_method, submitted, m_feed->applyAsync(call)});
        } catch (const Error &error) {
            m_calls.add(std::move(sent));
            giveUpSending(error);
            return;
        }
        if (m_method == CallsModel::Method::Apply) {
            m_applying = m_calls.add(std::move(sent));
            m_applyStatement = statementOf(call, m_method);
            m_unsent.pop_front();
            return;
        }
        m_unsent.pop_front();
        if (clock.elapsed() >= sendingBudget)
            break;
    }
    m_calls.add(std::move(sent));
}

void LivePool::giveUpSending(const Error &error)
{
    const QString text = m_unsent.size() == 1
                             ? raised(error)
                             : tr("%1 (%2)").arg(raised(error), Format::calls(m_unsent.size()));
    note(statementOf(m_unsent.front(), m_method), text, true);
    m_unsent.clear();
}

void LivePool::noteSubmission(const PoolCall &call, std::uint64_t first, std::size_t count)
{
    const QString statement = statementOf(call, CallsModel::Method::ApplyAsync);
    if (count == 1)
        note(QStringLiteral("r%1 = %2").arg(first).arg(statement),
             tr("Gives an AsyncResult; the caller goes on."));
    else
        note(QStringLiteral("r%1 … r%2 = %3").arg(first).arg(first + count - 1).arg(statement),
             tr("%1, begun in this order.").arg(Format::calls(count)));
}

void LivePool::close()
{
    if (!m_feed)
        return;
    const QString statement = QStringLiteral("pool.close()");
    if (m_feed->state() != PoolState::Open) {
        note(statement, tr("May be repeated; nothing changes."));
        return;
    }
    m_feed->close();
    m_calls.refresh(now());
    const std::uint64_t open = m_calls.counts().open();
    note(statement, open == 0 ? tr("No new calls; none is left, the workers end.")
                              : tr("No new calls; %1 finish first.").arg(Format::calls(open)));
    sample();
}

void LivePool::join()
{
    if (!m_feed || m_isJoining)
        return;
    const QString statement = QStringLiteral("pool.join()");
    try {
        m_isJoining = !m_feed->join();
    } catch (const Error &error) {
        note(statement, raised(error), true);
        return;
    }
    m_calls.refresh(now());
    const std::uint64_t open = m_calls.counts().open();
    if (m_isJoining)
        note(statement, open == 0 ? tr("Waits for the end of the processes.")
                                  : tr("Waits for %1, then for the processes.").arg(Format::calls(open)));
    else if (m_hasJoined)
        note(statement, tr("May be repeated; nothing changes."));
    else
        note(statement, tr("Returns at once: every process is gone."));
    m_hasJoined = m_hasJoined || !m_isJoining;
    sample();
}

void LivePool::terminate()
{
    if (!m_feed)
        return;
    const QString statement = QStringLiteral("pool.terminate()");
    const PoolState state = m_feed->state();
    if (state == PoolState::Terminated || state == PoolState::Over) {
        note(statement, tr("May be repeated; nothing changes."));
        return;
    }
    m_calls.refresh(now());
    const CallsModel::Counts &counts = m_calls.counts();
    m_unsent.clear();
    m_feed->terminate();
    m_wasTerminated = true;
    const QString cut = counts.pending == 0
                            ? tr("%1 cut off.").arg(Format::calls(counts.running))
                            : tr("%1 cut off, %2 pending never begin.")
                                  .arg(Format::calls(counts.running), Format::count(counts.pending));
    note(statement, counts.open() == 0 ? tr("Ends the processes at once.") : cut);
    sample();
}

void LivePool::get(std::uint64_t call, std::optional<double> timeout)
{
    if (!m_calls.has(call) || m_gets[call].isWaiting)
        return;
    Get &get = m_gets[call];
    get = {timeout, {}, true, {}, false};
    get.since.start();
    m_calls.refresh(now());
    lookAtGets();
    setPace();
    Q_EMIT changed();
}

const LivePool::Get *LivePool::getOf(std::uint64_t call) const
{
    const auto found = m_gets.find(call);
    return found == m_gets.end() ? nullptr : &found->second;
}

void LivePool::lookAtGets()
{
    for (auto &[call, get] : m_gets) {
        if (!get.isWaiting)
            continue;
        if (m_calls.isReady(call))
            endGet(call, get, m_calls.resultText(call), !m_calls.wasSuccessful(call));
        else if (get.timeout && double(get.since.nsecsElapsed()) / 1e9 >= *get.timeout)
            endGet(call, get,
                   tr("TimeoutError: not ready after %1; the call goes on")
                       .arg(Format::duration(std::max(*get.timeout, 0.0))),
                   true);
    }
}

void LivePool::endGet(std::uint64_t call, Get &get, const QString &result, bool hasRaised)
{
    get.isWaiting = false;
    get.result = result;
    get.hasRaised = hasRaised;
    note(getStatement(call, get.timeout), hasRaised ? result : tr("Returns %1").arg(result), hasRaised);
}

void LivePool::lookAtJoin()
{
    if (!m_isJoining || !m_feed->join())
        return;
    m_isJoining = false;
    m_hasJoined = true;
    note(QStringLiteral("pool.join()"), tr("Returns: every process is gone."));
}

void LivePool::endApply(std::uint64_t call)
{
    m_applying.reset();
    const QString result = m_calls.resultText(call);
    const QString waited = m_calls.indexOf(call).siblingAtColumn(CallsModel::ReadyAfter).data().toString();
    if (m_calls.wasSuccessful(call))
        note(m_applyStatement, tr("Waited %1. Returns %2").arg(waited, result));
    else
        note(m_applyStatement, result, true);
}

void LivePool::noteCallbacks()
{
    // By whether the call was successful, which decides between the two callbacks, and whether it raised.
    std::map<std::pair<bool, bool>, std::vector<std::uint64_t>> called;
    for (const auto &[call, threw] : std::exchange(m_calledBack, {}))
        called[{m_calls.wasSuccessful(call), threw}].push_back(call);
    for (const auto &[kind, numbers] : called) {
        const auto [wasSuccessful, threw] = kind;
        const QString argument =
            numbers.size() == 1 ? m_calls.resultText(numbers.front()) : QStringLiteral("…");
        const QString text = threw           ? tr("Raised, for %1: reported, nothing else is touched.")
                             : wasSuccessful ? tr("Called with the value of %1.")
                                             : tr("Called with the error of %1.");
        note(QStringLiteral("%1(%2)").arg(
                 wasSuccessful ? QStringLiteral("callback") : QStringLiteral("error_callback"), argument),
             text.arg(namesOf(numbers)));
    }
}

void LivePool::noteEvents()
{
    for (const PoolEvent &event : m_feed->takeEvents())
        note(event.worker ? tr("worker %1, process %2").arg(*event.worker).arg(event.pid) : tr("pool"),
             event.text);
}

void LivePool::follow()
{
    const Phase before = m_phase;
    switch (m_feed->state()) {
    case PoolState::Open:
        m_phase = Phase::Open;
        break;
    case PoolState::Closed:
        m_phase = Phase::Closed;
        break;
    case PoolState::Terminated:
        m_phase = Phase::Terminating;
        break;
    case PoolState::Over:
        m_phase = Phase::Over;
        break;
    }
    if (m_phase != before)
        m_sinceChange.start();
}

void LivePool::sample()
{
    if (m_opening)
        takeOpened();
    if (m_feed) {
        // Asked before the calls are looked at: what it says to be over has happened to them.
        follow();
        const PoolSnapshot before = std::exchange(m_snapshot, m_feed->snapshot());
        const bool isSame =
            std::equal(before.workers.begin(), before.workers.end(), m_snapshot.workers.begin(),
                       m_snapshot.workers.end(), [](const WorkerSnapshot &a, const WorkerSnapshot &b) {
                           return a.state == b.state && a.pid == b.pid;
                       });
        if (!isSame)
            m_sinceChange.start();
        m_calls.refresh(now());
        if (m_applying && m_calls.isReady(*m_applying))
            endApply(*m_applying);
        send();
        noteEvents();
        noteCallbacks();
        lookAtGets();
        if (m_phase == Phase::Over && m_calls.counts().open() == 0 && !std::exchange(m_isEndNoted, true))
            noteEnd();
        lookAtJoin();
    }
    setPace();
    Q_EMIT changed();
}

void LivePool::noteEnd()
{
    const CallsModel::Counts &counts = m_calls.counts();
    if (!m_wasTerminated)
        note({}, tr("All calls are ready, the workers have ended."));
    else if (counts.ready == counts.cancelled)
        note({}, tr("%1 cancelled: get() raises Cancelled at once.").arg(Format::calls(counts.cancelled)));
    else
        note({}, tr("%1 cancelled, %2 results stay readable.")
                     .arg(Format::calls(counts.cancelled), Format::count(counts.ready - counts.cancelled)));
}

void LivePool::setPace()
{
    bool isWaiting = m_opening || m_isJoining || m_applying || !m_unsent.empty() || !m_calls.isSettled() ||
                     m_phase == Phase::Closed || m_phase == Phase::Terminating;
    for (const auto &[call, get] : m_gets)
        isWaiting = isWaiting || get.isWaiting;
    if (!isWaiting && m_phase != Phase::Open) {
        m_sampler.stop();
        return;
    }
    // A pool that has nothing to do can still lose a worker.
    const bool isLively = isWaiting || !m_sinceChange.isValid() || m_sinceChange.elapsed() < livelyFor;
    const std::chrono::milliseconds interval = isLively ? livelyInterval : relaxedInterval;
    if (!m_sampler.isActive() || m_sampler.intervalAsDuration() != interval)
        m_sampler.start(interval);
}

double LivePool::now() const
{
    return m_feed ? m_feed->now() : -1;
}

void LivePool::note(const QString &statement, const QString &text, bool hasRaised)
{
    m_log.add({now(), statement, text, hasRaised});
}

} // namespace Poolscope
