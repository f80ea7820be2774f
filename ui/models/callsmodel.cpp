// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/callsmodel.h"

#include "ui/models/format.h"
#include "ui/models/itemoutcome.h"

#include <QElapsedTimer>

#include <algorithm>
#include <limits>

namespace Poolscope {

namespace {

// Of the 33 ms between two samples.
constexpr qint64 lookingBudget = 6; // ms
constexpr int excerptLength = 300;
// More in one line would hold up the window.
constexpr int detailsLength = 100'000;

using CallState = AsyncResult::State;
using CallbackState = AsyncResult::Callback;

bool isText(int column)
{
    switch (column) {
    case CallsModel::Call:
    case CallsModel::MethodName:
    case CallsModel::State:
    case CallsModel::Successful:
    case CallsModel::Value:
    case CallsModel::Callback:
        return true;
    default:
        return false;
    }
}

QString errorText(const CallOutcome &outcome)
{
    return outcome.message.isEmpty() ? outcome.type : outcome.type + QStringLiteral(": ") + outcome.message;
}

QString stateWord(CallState state)
{
    switch (state) {
    case CallState::Pending:
        return CallsModel::tr("pending");
    case CallState::Running:
        return CallsModel::tr("running");
    case CallState::Ready:
        return CallsModel::tr("ready");
    }
    return {};
}

QString callbackWord(CallbackState callback)
{
    switch (callback) {
    case CallbackState::None:
        return CallsModel::tr("none");
    case CallbackState::Waiting:
        return CallsModel::tr("waiting");
    case CallbackState::Returned:
        return CallsModel::tr("fired");
    case CallbackState::Threw:
        return CallsModel::tr("threw");
    }
    return {};
}

} // namespace

CallsModel::CallsModel(QObject *parent) : QAbstractTableModel(parent) {}

void CallsModel::clear()
{
    beginResetModel();
    m_rows.clear();
    m_open.clear();
    m_counts = {};
    m_first = 1;
    endResetModel();
}

std::uint64_t CallsModel::add(std::vector<SentCall> calls)
{
    const std::uint64_t first = m_first + m_rows.size();
    if (calls.empty())
        return first;
    beginInsertRows({}, rowCount(), rowCount() + int(calls.size()) - 1);
    for (SentCall &call : calls) {
        Row row;
        row.callback = call.feed->callback();
        row.feed = std::move(call.feed);
        row.call = std::move(call.text);
        row.method = call.method;
        row.submitted = call.submitted;
        m_open.push_back(m_first + m_rows.size());
        m_rows.push_back(std::move(row));
    }
    m_counts.pending += calls.size();
    endInsertRows();
    if (m_rows.size() > std::size_t(maximumRows))
        dropOldest();
    return first;
}

void CallsModel::dropOldest()
{
    // A quarter at a time: removing rows at the front moves all others.
    const std::size_t wanted = m_rows.size() - std::size_t(maximumRows) * 3 / 4;
    const std::uint64_t open = m_open.empty() ? std::numeric_limits<std::uint64_t>::max()
                                              : *std::min_element(m_open.begin(), m_open.end());
    const auto dropped = std::size_t(std::min<std::uint64_t>(wanted, open - m_first));
    if (dropped == 0)
        return;
    beginRemoveRows({}, 0, int(dropped) - 1);
    m_rows.erase(m_rows.begin(), m_rows.begin() + std::ptrdiff_t(dropped));
    m_first += dropped;
    endRemoveRows();
}

bool CallsModel::canChange(const Row &row) const
{
    return row.state != CallState::Ready || row.callback == CallbackState::Waiting;
}

bool CallsModel::look(std::uint64_t number, double now)
{
    Row &row = m_rows[std::size_t(number - m_first)];
    const CallState stateBefore = row.state;
    const CallbackState callbackBefore = row.callback;
    // The callback first: it is called before the result can be had (S5.15), and is to be seen so.
    row.callback = row.feed->callback();
    CallState state = row.state == CallState::Ready ? CallState::Ready : row.feed->state();
    if (state == CallState::Ready && row.state != CallState::Ready) {
        if (const std::optional<CallOutcome> outcome = row.feed->outcome()) {
            row.status = outcome->status;
            row.result = outcome->status == ItemStatus::Ok
                             ? Format::excerpt(outcome->value, excerptLength)
                             : Format::excerpt(errorText(*outcome).toStdString(), excerptLength);
            row.worker = outcome->worker;
            row.pid = outcome->pid;
            row.attempt = outcome->attempt;
            row.started = outcome->started;
            row.readyAt = std::max(outcome->readyAt < 0 ? now : outcome->readyAt, row.submitted);
            row.callback = row.feed->callback();
        } else {
            state = CallState::Running; // its callback is not through, get() still waits
        }
    }
    if (state != stateBefore) {
        (stateBefore == CallState::Pending ? m_counts.pending : m_counts.running) -= 1;
        if (state == CallState::Running)
            m_counts.running += 1;
        else if (state == CallState::Pending)
            m_counts.pending += 1; // to be tried again
        row.state = state;
    }
    if (state == CallState::Ready && stateBefore != CallState::Ready) {
        m_counts.ready += 1;
        m_counts.cancelled += row.status == ItemStatus::Cancelled ? 1 : 0;
        m_counts.failed += row.status != ItemStatus::Ok && row.status != ItemStatus::Cancelled ? 1 : 0;
    }
    return row.state != stateBefore || row.callback != callbackBefore;
}

void CallsModel::refresh(double now)
{
    QElapsedTimer clock;
    clock.start();
    std::uint64_t firstChanged = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t lastChanged = 0;
    std::vector<std::uint64_t> ready;
    std::vector<std::pair<std::uint64_t, bool>> calledBack;
    // Those that were not looked at stay at the front, for the next time.
    for (std::size_t left = m_open.size(); left > 0 && clock.elapsed() < lookingBudget; --left) {
        const std::uint64_t number = m_open.front();
        m_open.pop_front();
        const Row &row = rowOf(number);
        const CallState stateBefore = row.state;
        const CallbackState callbackBefore = row.callback;
        if (look(number, now)) {
            firstChanged = std::min(firstChanged, number);
            lastChanged = std::max(lastChanged, number);
            if (row.callback != callbackBefore &&
                (row.callback == CallbackState::Returned || row.callback == CallbackState::Threw))
                calledBack.emplace_back(number, row.callback == CallbackState::Threw);
            if (row.state == CallState::Ready && stateBefore != CallState::Ready)
                ready.push_back(number);
        }
        if (canChange(row))
            m_open.push_back(number);
    }
    if (firstChanged <= lastChanged)
        Q_EMIT dataChanged(index(int(firstChanged - m_first), 0),
                           index(int(lastChanged - m_first), ColumnCount - 1));
    for (const auto &[number, threw] : calledBack)
        Q_EMIT callbackReturned(number, threw);
    for (const std::uint64_t number : ready)
        Q_EMIT becameReady(number);
}

QModelIndex CallsModel::indexOf(std::uint64_t number) const
{
    return has(number) ? index(int(number - m_first), 0) : QModelIndex();
}

bool CallsModel::isReady(std::uint64_t number) const
{
    return has(number) && rowOf(number).state == CallState::Ready;
}

bool CallsModel::wasSuccessful(std::uint64_t number) const
{
    return isReady(number) && rowOf(number).status == ItemStatus::Ok;
}

CallsModel::Method CallsModel::method(std::uint64_t number) const
{
    return has(number) ? rowOf(number).method : Method::ApplyAsync;
}

QString CallsModel::callText(std::uint64_t number) const
{
    return has(number) ? rowOf(number).call : QString();
}

QString CallsModel::resultText(std::uint64_t number) const
{
    return has(number) ? rowOf(number).result : QString();
}

QString CallsModel::details(std::uint64_t number) const
{
    if (!has(number))
        return {};
    const Row &row = rowOf(number);
    if (row.state == CallState::Pending)
        return tr("Call %1 waits for a worker: calls begin in the order in which they were submitted.")
            .arg(number);
    const std::optional<CallOutcome> outcome =
        row.state == CallState::Ready ? row.feed->outcome() : std::optional<CallOutcome>();
    if (!outcome)
        return tr("Call %1 is running. Its value will be here as soon as it is ready.").arg(number);

    QStringList lines;
    if (outcome->status == ItemStatus::Ok) {
        lines += Format::excerpt(outcome->value, detailsLength);
        if (outcome->value.size() > std::size_t(detailsLength))
            lines += tr("The first %1 of %2 bytes.")
                         .arg(Format::count(detailsLength), Format::count(outcome->value.size()));
    } else {
        lines += errorText(*outcome);
    }
    lines += QString();
    if (outcome->worker) {
        const QString where = tr("Worker %1, process %2").arg(*outcome->worker).arg(outcome->pid);
        const double took = outcome->started >= 0 ? row.readyAt - outcome->started : -1;
        const QString ran =
            took < 0 ? where
                     : tr("%1: waited %2, ran %3")
                           .arg(where, Format::duration(std::max(outcome->started - row.submitted, 0.0)),
                                Format::duration(took));
        lines += outcome->attempt > 1 ? tr("%1, attempt %2").arg(ran).arg(outcome->attempt) : ran;
    }
    if (!outcome->details.isEmpty())
        lines << QString() << outcome->details;
    return lines.join(QLatin1Char('\n')).trimmed();
}

int CallsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int CallsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant CallsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &row = m_rows[std::size_t(index.row())];
    const std::uint64_t number = m_first + std::uint64_t(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return text(row, number, index.column());
    case Qt::ToolTipRole:
        return toolTip(row, index.column());
    case Qt::TextAlignmentRole:
        return int((isText(index.column()) ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    case NumberRole:
        return qulonglong(number);
    case StateRole:
        return int(row.state);
    case StatusRole:
        return int(row.status);
    default:
        return {};
    }
}

QString CallsModel::text(const Row &row, std::uint64_t number, int column) const
{
    const QString none = QStringLiteral("–");
    const bool isReady = row.state == CallState::Ready;
    switch (column) {
    case Number:
        return Format::count(number);
    case Call:
        return Format::excerpt(row.call.toStdString(), excerptLength);
    case MethodName:
        return row.method == Method::Apply ? QStringLiteral("apply") : QStringLiteral("apply_async");
    case State:
        return stateWord(row.state);
    case Successful:
        return !isReady ? none : row.status == ItemStatus::Ok ? tr("yes") : tr("no");
    case Value:
        return row.result;
    case Submitted:
        return Format::moment(row.submitted);
    case ReadyAfter:
        return isReady ? Format::duration(row.readyAt - row.submitted) : none;
    case Worker:
        return row.worker ? Format::count(*row.worker) : none;
    case Pid:
        return row.pid > 0 ? QString::number(row.pid) : none;
    case Callback:
        return callbackWord(row.callback);
    default:
        return {};
    }
}

QString CallsModel::toolTip(const Row &row, int column) const
{
    switch (column) {
    case Call:
        return Format::plainToolTip(row.call);
    case Value:
        return Format::plainToolTip(row.result);
    case Successful:
        return row.state == CallState::Ready
                   ? QString()
                   : Format::plainToolTip(tr("successful() raises ValueError as long as it is not ready."));
    case Callback:
        return row.callback == CallbackState::Threw
                   ? Format::plainToolTip(
                         tr("What a callback raises is reported; the result stays as it is."))
                   : QString();
    case ReadyAfter:
        return row.state == CallState::Ready ? Format::exactDuration(row.readyAt - row.submitted) : QString();
    default:
        return {};
    }
}

QVariant CallsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((isText(section) ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    const bool explain = role == Qt::ToolTipRole;
    if (role != Qt::DisplayRole && !explain)
        return {};
    switch (section) {
    case Number:
        return explain ? tr("Number of the call; the log names its AsyncResult r1, r2 and so on") : tr("#");
    case Call:
        return explain ? tr("The task with its arguments") : tr("Call");
    case MethodName:
        return explain ? tr("apply waits for the value, apply_async gives an AsyncResult at once")
                       : tr("Method");
    case State:
        return explain ? tr("ready(): pending and running calls are not ready") : tr("State");
    case Successful:
        return explain ? tr("successful(): whether get() gives a value or raises") : tr("Successful");
    case Value:
        return explain ? tr("What get() returns or raises") : tr("Value or error");
    case Submitted:
        return explain ? tr("Since the pool was opened") : tr("Submitted");
    case ReadyAfter:
        return explain ? tr("From the call until its result was there") : tr("Ready after");
    case Worker:
        return explain ? tr("The worker that ran it") : tr("Worker");
    case Pid:
        return explain ? tr("Number of the process that ran it") : tr("PID");
    case Callback:
        return explain ? tr("Whether its callback or error_callback was called") : tr("Callback");
    default:
        return {};
    }
}

} // namespace Poolscope
