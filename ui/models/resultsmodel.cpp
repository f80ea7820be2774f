// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/resultsmodel.h"

#include "ui/models/format.h"
#include "ui/models/itemoutcome.h"

#include <algorithm>
#include <array>
#include <limits>

namespace Poolscope {

namespace {

constexpr std::uint64_t pageSize = 64;
// A tall window shows about 60 rows; the rest is for scrolling to and fro.
constexpr int cachedPages = 16;
// Of a single worker of many a page holds but a row or two.
constexpr int cachedPagesNarrowed = 100;
// About a millisecond.
constexpr std::uint64_t lookedAtPerTurn = 20'000;

using Field = ResultsModel::Field;
constexpr std::array completedFields = {Field::Item, Field::Result, Field::Took, Field::FinishedAt,
                                        Field::DeliveredAt};
constexpr std::array deliveredFields = {Field::Item, Field::Result, Field::DeliveredAt, Field::Waited};

} // namespace

ResultsModel::ResultsModel(Stream stream, QObject *parent)
    : QAbstractTableModel(parent), m_stream(stream), m_pages(cachedPages)
{}

void ResultsModel::setFeed(const RunFeed *feed)
{
    beginResetModel();
    m_feed = feed;
    m_count = 0;
    clearRows();
    endResetModel();
}

void ResultsModel::clearRows()
{
    m_first = 0;
    m_end = 0;
    m_positions.clear();
    m_pages.clear();
    m_nextToLookAt = m_narrowing.stretch ? firstFrom(m_narrowing.stretch->begin) : 0;
}

void ResultsModel::setNarrowing(const Narrowing &narrowing)
{
    if (narrowing == m_narrowing)
        return;
    beginResetModel();
    m_narrowing = narrowing;
    m_pages.setMaxCost(isNarrowed() ? cachedPagesNarrowed : cachedPages);
    clearRows();
    endResetModel();
    refresh(m_count);
}

std::vector<ItemSpan> ResultsModel::spans(std::uint64_t from, std::uint64_t most) const
{
    return m_stream == Stream::Completed ? m_feed->spans(std::size_t(from), std::size_t(most))
                                         : m_feed->deliveredSpans(std::size_t(from), std::size_t(most));
}

/// When it came into the stream; of an old record that does not say so, when the item was finished.
double ResultsModel::timeOf(const ItemSpan &span) const
{
    if (m_stream == Stream::Delivered)
        return span.delivered;
    return span.received >= 0 ? span.received : span.finished;
}

std::uint64_t ResultsModel::firstFrom(double time) const
{
    std::uint64_t from = 0;
    std::uint64_t to = m_count;
    while (from < to) {
        const std::uint64_t middle = from + (to - from) / 2;
        const std::vector<ItemSpan> span = spans(middle, 1);
        if (!span.empty() && timeOf(span.front()) < time)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

bool ResultsModel::readOn()
{
    if (!m_feed || !isNarrowed() || m_nextToLookAt >= m_count ||
        m_positions.size() >= std::size_t(maximumRows))
        return false;
    const std::vector<ItemSpan> looked =
        spans(m_nextToLookAt, std::min(lookedAtPerTurn, m_count - m_nextToLookAt));
    std::vector<std::uint64_t> found;
    for (const ItemSpan &span : looked) {
        const double time = timeOf(span);
        if (m_narrowing.stretch && time > m_narrowing.stretch->end) {
            m_nextToLookAt = std::numeric_limits<std::uint64_t>::max(); // those after it came later still
            break;
        }
        if (m_narrowing.hasTime(time) && m_narrowing.hasWorker(span.worker))
            found.push_back(m_nextToLookAt);
        ++m_nextToLookAt;
    }
    if (!found.empty()) {
        beginInsertRows({}, rowCount(), rowCount() + int(found.size()) - 1);
        m_positions.insert(m_positions.end(), found.begin(), found.end());
        endInsertRows();
    }
    return !looked.empty() && m_nextToLookAt < m_count;
}

std::optional<int> ResultsModel::rowOf(std::uint64_t position) const
{
    if (isNarrowed()) {
        const auto found = std::lower_bound(m_positions.begin(), m_positions.end(), position);
        return found != m_positions.end() && *found == position
                   ? std::optional(int(found - m_positions.begin()))
                   : std::nullopt;
    }
    return position >= m_first && position < m_end ? std::optional(int(position - m_first)) : std::nullopt;
}

std::uint64_t ResultsModel::positionOf(int row) const
{
    return isNarrowed() ? m_positions[std::size_t(row)] : m_first + std::uint64_t(row);
}

void ResultsModel::refresh(std::uint64_t count)
{
    if (!m_feed)
        return;
    refreshPages();
    m_count = count;
    if (isNarrowed()) {
        readOn();
        return;
    }
    if (count <= m_end)
        return;
    // Dropped a quarter at a time, not a few with every refresh: removing rows at the front moves all others.
    if (count - m_first > std::uint64_t(maximumRows)) {
        const std::uint64_t first = count - std::uint64_t(maximumRows) * 3 / 4;
        if (first >= m_end) {
            beginResetModel();
            m_first = first;
            m_end = count;
            endResetModel();
            return;
        }
        beginRemoveRows({}, 0, int(first - m_first) - 1);
        m_first = first;
        endRemoveRows();
    }
    beginInsertRows({}, int(m_end - m_first), int(count - m_first) - 1);
    m_end = count;
    endInsertRows();
}

void ResultsModel::refreshPages()
{
    // A page is read again when it was not full, or when rows on it still waited.
    const QList<quint64> cached = m_pages.keys();
    for (const std::uint64_t number : cached) {
        // A view that was just told of a change may have read other pages, and this one is gone for them.
        const Page *page = m_pages.object(number);
        if (!page)
            continue;
        const bool settled =
            page->size() == pageSize &&
            std::none_of(page->begin(), page->end(), [](const Row &row) { return row.waits(); });
        if (settled)
            continue;
        Page fresh = readPage(number);
        // Rows that were not there to read yet were shown empty.
        const bool changed = fresh.size() != page->size() ||
                             !std::equal(page->begin(), page->end(), fresh.begin(),
                                         [](const Row &a, const Row &b) { return a.waits() == b.waits(); });
        m_pages.insert(number, new Page(std::move(fresh)));
        if (!changed)
            continue;
        if (isNarrowed()) {
            const auto begin = std::lower_bound(m_positions.begin(), m_positions.end(), number * pageSize);
            const auto end = std::lower_bound(begin, m_positions.end(), number * pageSize + pageSize);
            if (begin != end)
                Q_EMIT dataChanged(index(int(begin - m_positions.begin()), 0),
                                   index(int(end - m_positions.begin()) - 1, columnCount() - 1));
            continue;
        }
        const std::uint64_t begin = std::max(number * pageSize, m_first);
        const std::uint64_t end = std::min(number * pageSize + pageSize, m_end);
        if (begin < end)
            Q_EMIT dataChanged(index(int(begin - m_first), 0),
                               index(int(end - 1 - m_first), columnCount() - 1));
    }
}

ResultsModel::Page ResultsModel::readPage(std::uint64_t page) const
{
    const std::size_t from = std::size_t(page * pageSize);
    const std::vector<ItemRecord> records =
        m_stream == Stream::Completed ? m_feed->completed(from, pageSize) : m_feed->delivered(from, pageSize);
    Page rows;
    rows.reserve(records.size());
    for (const ItemRecord &record : records) {
        rows.push_back({record.index,
                        record.status,
                        record.worker,
                        record.attempt,
                        record.started,
                        record.finished,
                        record.delivered,
                        outcomeText(record),
                        {}});
        for (const ItemRecord &attempt : record.earlier)
            rows.back().earlier += attemptText(attempt);
    }
    return rows;
}

const ResultsModel::Row *ResultsModel::rowAt(int row) const
{
    const std::uint64_t position = positionOf(row);
    const quint64 number = position / pageSize;
    const std::size_t offset = position % pageSize;
    Page *page = m_pages.object(number);
    if (!page || offset >= page->size()) {
        page = new Page(readPage(number));
        m_pages.insert(number, page);
    }
    return offset < page->size() ? &(*page)[offset] : nullptr;
}

ResultsModel::Field ResultsModel::field(int column) const
{
    return m_stream == Stream::Completed ? completedFields[std::size_t(column)]
                                         : deliveredFields[std::size_t(column)];
}

int ResultsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : isNarrowed() ? int(m_positions.size()) : int(m_end - m_first);
}

int ResultsModel::columnCount(const QModelIndex &parent) const
{
    if (parent.isValid())
        return 0;
    return int(m_stream == Stream::Completed ? completedFields.size() : deliveredFields.size());
}

QVariant ResultsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((field(index.column()) == Field::Result ? Qt::AlignLeft : Qt::AlignRight) |
                   Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role < Qt::UserRole)
        return {};
    const Row *row = m_feed ? rowAt(index.row()) : nullptr;
    if (!row)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return text(*row, field(index.column()));
    case Qt::ToolTipRole:
        return toolTip(*row);
    case ItemIndexRole:
        return qulonglong(row->index);
    case StatusRole:
        return int(row->status);
    case WaitsRole:
        return row->waits();
    default:
        return {};
    }
}

QVariant ResultsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((field(section) == Field::Result ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    const bool explain = role == Qt::ToolTipRole;
    if (role != Qt::DisplayRole && !explain)
        return {};
    switch (field(section)) {
    case Field::Item:
        return explain ? tr("The item's place in the input, from 0") : tr("Item");
    case Field::Result:
        return explain ? tr("Its value as JSON, or what went wrong") : tr("Result");
    case Field::Took:
        return explain ? tr("How long the worker ran it") : tr("Took");
    case Field::FinishedAt:
        return explain ? tr("When the worker had finished it, since the run began") : tr("Finished");
    case Field::DeliveredAt:
        return explain ? tr("When the method handed it out, since the run began") : tr("Delivered");
    case Field::Waited:
        return explain ? tr("How long the finished result was held back for those before it") : tr("Waited");
    }
    return {};
}

QString ResultsModel::text(const Row &row, Field field) const
{
    switch (field) {
    case Field::Item:
        return Format::count(row.index);
    case Field::Result:
        return row.text;
    case Field::Took:
        return row.started < 0 ? QStringLiteral("–") : Format::duration(row.finished - row.started);
    case Field::FinishedAt:
        return Format::moment(row.finished);
    case Field::DeliveredAt:
        return row.waits() ? tr("waits") : Format::moment(row.delivered);
    case Field::Waited:
        return row.finished < 0 || row.waits()
                   ? QStringLiteral("–")
                   : Format::duration(std::max(row.delivered - row.finished, 0.0));
    }
    return {};
}

QString ResultsModel::toolTip(const Row &row) const
{
    QStringList lines = {tr("Item %1: %2").arg(Format::count(row.index), row.text)};
    if (row.started >= 0)
        lines +=
            tr("Worker %1, attempt %2, ran %3 from %4")
                .arg(row.worker)
                .arg(row.attempt)
                .arg(Format::exactDuration(row.finished - row.started), Format::exactDuration(row.started));
    if (!row.earlier.isEmpty())
        lines += tr("Attempts before:") + QLatin1Char('\n') + row.earlier.join(QLatin1Char('\n'));
    if (row.waits())
        lines += tr("Waits in the reorder buffer for items before it");
    else if (row.finished >= 0)
        lines += tr("Delivered at %1, %2 after it was finished")
                     .arg(Format::exactDuration(row.delivered),
                          Format::exactDuration(std::max(row.delivered - row.finished, 0.0)));
    return Format::plainToolTip(lines.join(QLatin1Char('\n')));
}

} // namespace Poolscope
