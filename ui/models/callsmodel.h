// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/poolfeed.h"

#include <QAbstractTableModel>

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace Poolscope {

/// The calls sent to a live pool, a row for each, the oldest first. They are numbered from 1.
class CallsModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CallsModel)

public:
    enum class Method
    {
        Apply,
        ApplyAsync,
    };
    enum Column
    {
        Number,
        Call,
        MethodName,
        State,
        Successful,
        Value,
        Submitted,
        ReadyAfter,
        Worker,
        Pid,
        Callback,
        ColumnCount
    };
    enum Role
    {
        NumberRole = Qt::UserRole, ///< qulonglong
        StateRole,                 ///< AsyncResult::State
        StatusRole,                ///< ItemStatus, meaningful once it is ready
    };

    struct SentCall
    {
        QString text; ///< square(3)
        Method method = Method::ApplyAsync;
        double submitted = 0; ///< Seconds since the pool began.
        std::unique_ptr<CallFeed> feed;
    };

    struct Counts
    {
        std::uint64_t pending = 0;
        std::uint64_t running = 0;
        std::uint64_t ready = 0;
        std::uint64_t failed = 0; ///< Of the ready ones: those that get() throws for, but for cancelled ones.
        std::uint64_t cancelled = 0; ///< Of the ready ones.

        std::uint64_t open() const { return pending + running; }
    };

    /// Beyond these the oldest of those that nothing can happen to any more are dropped.
    static constexpr int maximumRows = 50'000;

    explicit CallsModel(QObject *parent = nullptr);

    void clear();
    /// \returns the number of the first of them
    std::uint64_t add(std::vector<SentCall> calls);
    /// Looks at calls that something can still happen to, for a few milliseconds.
    /// \param now  seconds since the pool began
    void refresh(double now);

    /// Whether something can still happen to a call.
    bool isSettled() const { return m_open.empty(); }
    const Counts &counts() const { return m_counts; }
    std::uint64_t firstNumber() const { return m_first; }
    std::uint64_t lastNumber() const { return m_first + m_rows.size() - 1; }
    bool has(std::uint64_t number) const { return number >= m_first && number <= lastNumber(); }
    QModelIndex indexOf(std::uint64_t number) const;

    bool isReady(std::uint64_t number) const;
    /// Whether it is ready and get() gives a value.
    bool wasSuccessful(std::uint64_t number) const;
    Method method(std::uint64_t number) const;
    QString callText(std::uint64_t number) const;
    /// `49`, or `ValueError: bad` for a call that failed; nothing while it is not ready.
    QString resultText(std::uint64_t number) const;
    /// Everything there is to say of a call, for reading; asks the feed.
    QString details(std::uint64_t number) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    void becameReady(quint64 number);
    void callbackReturned(quint64 number, bool threw);

private:
    struct Row
    {
        std::shared_ptr<CallFeed> feed;
        QString call;
        Method method = Method::ApplyAsync;
        AsyncResult::State state = AsyncResult::State::Pending;
        AsyncResult::Callback callback = AsyncResult::Callback::None;
        ItemStatus status = ItemStatus::Ok;
        QString result; ///< An excerpt.
        double submitted = 0;
        double started = -1;
        double readyAt = -1;
        std::optional<std::uint32_t> worker;
        std::int64_t pid = 0;
        std::uint32_t attempt = 1;
    };

    const Row &rowOf(std::uint64_t number) const { return m_rows[std::size_t(number - m_first)]; }
    /// \returns whether something is new
    bool look(std::uint64_t number, double now);
    bool canChange(const Row &row) const;
    void dropOldest();
    QString text(const Row &row, std::uint64_t number, int column) const;
    QString toolTip(const Row &row, int column) const;

    std::deque<Row> m_rows;
    std::uint64_t m_first = 1;
    std::deque<std::uint64_t> m_open;
    Counts m_counts;
};

} // namespace Poolscope
