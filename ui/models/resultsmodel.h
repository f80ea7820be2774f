// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/runfeed.h"
#include "ui/models/runfilter.h"

#include <QAbstractTableModel>
#include <QCache>

#include <cstdint>

namespace Poolscope {

/// One of the two result streams of a run, a row for each record, the newest last.
///
/// It copies nothing: rows are positions in the recording, and only the pages that a view asks for are read,
/// so that half a million results a second cost no more than ten.
class ResultsModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ResultsModel)

public:
    enum class Stream
    {
        Completed, ///< as workers finish them
        Delivered, ///< as the method hands them out
    };
    enum class Field
    {
        Item,
        Result,
        Took,
        FinishedAt,
        DeliveredAt,
        Waited,
    };
    enum Role
    {
        ItemIndexRole = Qt::UserRole, ///< qulonglong
        StatusRole,                   ///< ItemStatus as int
        WaitsRole,                    ///< bool: finished, not delivered
    };

    /// More rows than these are not kept: a view's header pays for each of them.
    static constexpr int maximumRows = 100'000;

    explicit ResultsModel(Stream stream, QObject *parent = nullptr);

    /// Shows another run from its beginning; nothing: none. Not owned.
    void setFeed(const RunFeed *feed);
    /// The stream has `count` records by now.
    void refresh(std::uint64_t count);
    /// Shows only what came in the stretch (was completed, or was delivered) and was run by the worker.
    void setNarrowing(const Narrowing &narrowing);
    bool isNarrowed() const { return !m_narrowing.isNone(); }
    /// Looks on for rows of the part that is shown, a bounded number. \returns whether there may be more
    bool readOn();

    /// Position in the stream of the first row, when nothing is filtered.
    std::uint64_t firstPosition() const { return m_first; }
    /// Nothing when the record at this position of the stream is no row.
    std::optional<int> rowOf(std::uint64_t position) const;
    Field field(int column) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row
    {
        std::uint64_t index = 0;
        ItemStatus status = ItemStatus::Ok;
        std::uint32_t worker = 0;
        std::uint32_t attempt = 1;
        double started = -1;
        double finished = -1;
        double delivered = -1;
        QString text;
        QStringList earlier; ///< A line on each attempt before the last.

        bool waits() const { return delivered < 0; }
    };
    using Page = std::vector<Row>;

    void clearRows();
    std::vector<ItemSpan> spans(std::uint64_t from, std::uint64_t most) const;
    double timeOf(const ItemSpan &span) const;
    std::uint64_t firstFrom(double time) const;
    std::uint64_t positionOf(int row) const;
    Page readPage(std::uint64_t page) const;
    const Row *rowAt(int row) const;
    void refreshPages();
    QString text(const Row &row, Field field) const;
    QString toolTip(const Row &row) const;

    const Stream m_stream;
    const RunFeed *m_feed = nullptr;
    std::uint64_t m_first = 0;
    std::uint64_t m_end = 0; ///< Position after the last row.
    std::uint64_t m_count = 0;
    Narrowing m_narrowing;
    std::vector<std::uint64_t> m_positions; ///< Of the rows, while it is narrowed.
    std::uint64_t m_nextToLookAt = 0;       ///< While it is narrowed.
    mutable QCache<quint64, Page> m_pages;
};

} // namespace Poolscope
