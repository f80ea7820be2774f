// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/streamspane.h"

#include "ui/models/format.h"
#include "ui/models/runfigures.h"
#include "ui/pages/datatable.h"
#include "ui/pages/itemdelegates.h"
#include "ui/pages/reorderbuffer.h"
#include "ui/pages/section.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QScopedValueRollback>

#include <algorithm>

namespace Poolscope {

namespace {

QString deliveredTitle(Method method)
{
    const QString name = QString::fromLatin1(methodName(method).data(), qsizetype(methodName(method).size()));
    return StreamsPane::tr("Delivered by %1").arg(name);
}

QString deliveredEmptyText(Method method)
{
    switch (deliveryOf(method)) {
    case Delivery::AllAtEnd:
        return StreamsPane::tr("This method delivers all results together, once the last item is done.");
    case Delivery::Ordered:
        return StreamsPane::tr("Each result appears here as soon as it and all before it are done.");
    case Delivery::Unordered:
        return StreamsPane::tr("Each result appears here as soon as it is done.");
    }
    return {};
}

QString listed(std::uint64_t count, const ResultsModel &model)
{
    if (model.isNarrowed())
        return StreamsPane::tr("%1 of %2")
            .arg(Format::count(std::uint64_t(model.rowCount())), Format::count(count));
    return model.firstPosition() == 0
               ? Format::count(count)
               : StreamsPane::tr("%1, the last %2 listed")
                     .arg(Format::count(count), Format::count(std::uint64_t(model.rowCount())));
}

} // namespace

StreamsPane::StreamsPane(SelectedItem *selection, RunFilter *filter, QWidget *parent)
    : QWidget(parent), m_selection(selection), m_filter(filter), m_delegate(new ResultDelegate(this))
{
    const QString item = QStringLiteral("■ 1,000,000");
    const QString moment = QStringLiteral("59:59.9");
    const QString leastResult = QStringLiteral("a result");
    m_completedTable = makeTable(tr("Unordered results"), m_completed);
    m_completedTable->setColumnSamples({item, QString(), QStringLiteral("9 min 59 s"), moment, moment}, 1);
    m_completedTable->setDroppable({3, 2, 4}, QStringLiteral("1,000"));
    m_deliveredTable = makeTable(tr("Ordered results"), m_delivered);
    m_deliveredTable->setColumnSamples({item, QString(), moment, QStringLiteral("9 min 59 s")}, 1);
    m_deliveredTable->setDroppable({2, 3}, leastResult);

    m_completedSection = new Section(tr("Completed"), m_completedTable);
    m_deliveredSection = new Section(tr("Delivered"), m_deliveredTable);
    m_reorder = new ReorderBuffer;
    auto *const reorder = new Section(tr("Reorder buffer"), m_reorder);
    reorder->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);

    auto *const layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space);
    layout->addWidget(m_completedSection, 1);
    layout->addWidget(reorder);
    layout->addWidget(m_deliveredSection, 1);

    connect(m_reorder, &ReorderBuffer::itemWanted, m_selection, &SelectedItem::select);
    connect(m_selection, &SelectedItem::changed, this, &StreamsPane::markSelected);
    connect(m_filter, &RunFilter::changed, this, &StreamsPane::narrow);
    showEmptyTexts();
}

void StreamsPane::showEmptyTexts()
{
    if (m_completed.isNarrowed()) {
        const QString nothing = tr("Nothing of it is in the part of the run that is shown.");
        m_completedTable->setEmptyText(nothing);
        m_deliveredTable->setEmptyText(nothing);
        return;
    }
    m_completedTable->setEmptyText(tr("Results appear here in the order in which the workers finish them."));
    m_deliveredTable->setEmptyText(
        m_feed ? deliveredEmptyText(m_feed->spec().method)
               : tr("Results appear here in the order in which the method gives them."));
}

void StreamsPane::narrow()
{
    {
        const QScopedValueRollback marking(m_isMarking, true);
        m_completed.setNarrowing(m_filter->narrowing());
        m_delivered.setNarrowing(m_filter->narrowing());
    }
    showEmptyTexts();
    markSelected();
    Q_EMIT narrowed();
}

bool StreamsPane::readOn()
{
    const bool isLeft = m_completed.readOn();
    return m_delivered.readOn() || isLeft;
}

DataTable *StreamsPane::makeTable(const QString &name, ResultsModel &model)
{
    auto *const table = new DataTable(name);
    table->setModel(&model);
    table->setItemDelegate(m_delegate);
    table->setFollowing(true);
    connect(table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this, table] { chooseFrom(*table); });
    return table;
}

void StreamsPane::chooseFrom(const DataTable &table)
{
    const QVariant item = table.currentIndex().data(ResultsModel::ItemIndexRole);
    if (!m_isMarking && item.isValid())
        m_selection->select(item.toULongLong());
}

/// The rows of the item that was chosen somewhere.
void StreamsPane::markSelected()
{
    if (!m_feed || !m_selection->item())
        return;
    const auto found = m_feed->item(*m_selection->item());
    const QScopedValueRollback marking(m_isMarking, true);
    const auto mark = [](DataTable *table, const ResultsModel &model, std::optional<std::uint64_t> position) {
        const std::optional<int> place = position ? model.rowOf(*position) : std::nullopt;
        if (!place) {
            table->clearSelection();
            return;
        }
        const QModelIndex row = model.index(*place, 0);
        if (table->currentIndex().row() != row.row())
            table->setCurrentIndex(row);
        table->selectRow(row.row());
    };
    mark(m_completedTable, m_completed, found ? std::optional(found->completedPosition) : std::nullopt);
    mark(m_deliveredTable, m_delivered, found ? found->deliveredPosition : std::nullopt);
}

void StreamsPane::clear(const RunFeed *feed)
{
    m_feed = feed;
    const Method method = feed->spec().method;
    m_completed.setFeed(feed);
    m_delivered.setFeed(feed);
    m_reorder->clear(method);
    m_completedTable->setFollowing(true);
    m_deliveredTable->setFollowing(true);
    m_deliveredSection->setTitle(deliveredTitle(method));
    showEmptyTexts();
}

void StreamsPane::apply(const RunSnapshot &snapshot)
{
    // Rows that are dropped at the front take the current one with them: nobody chose what follows.
    const QScopedValueRollback marking(m_isMarking, true);
    m_reorder->apply(snapshot);
    m_delegate->setScale(snapshot.total.value_or(std::max<std::uint64_t>(snapshot.items.read, 64)));
    m_completed.refresh(snapshot.completed);
    m_delivered.refresh(snapshot.delivered);
    showNotes(snapshot);
}

/// What the call gives and when, in a few words.
QString StreamsPane::call(const RunSnapshot &snapshot, Method method)
{
    if (deliveryOf(method) != Delivery::AllAtEnd)
        return {};
    if (snapshot.delivered == 0)
        return tr("not returned yet");
    return tr("returned at %1").arg(Format::moment(snapshot.lastDelivery));
}

void StreamsPane::showNotes(const RunSnapshot &snapshot)
{
    m_completedSection->setNote(listed(snapshot.completed, m_completed));
    const QString returned = call(snapshot, m_feed->spec().method);
    const QString count = listed(snapshot.delivered, m_delivered);
    m_deliveredSection->setNote(returned.isEmpty() ? count : returned + QStringLiteral(" · ") + count);
}

} // namespace Poolscope
