// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/datatable.h"

#include "ui/pages/itemdelegates.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QScopedValueRollback>
#include <QScrollBar>

#include <algorithm>

namespace Poolscope {

namespace {

// More would hold up the window; Save results is for that.
constexpr int mostRowsCopied = 10'000;

/// Titles of columns of text begin where their text does, see TextDelegate.
class DataHeader final : public QHeaderView
{
public:
    explicit DataHeader(QWidget *parent) : QHeaderView(Qt::Horizontal, parent) {}

protected:
    void initStyleOptionForIndex(QStyleOptionHeader *option, int section) const override
    {
        QHeaderView::initStyleOptionForIndex(option, section);
        if (option->textAlignment.testFlag(Qt::AlignLeft))
            option->text.prepend(QString(2, QChar(0x00a0)));
    }
};

} // namespace

DataTable::DataTable(const QString &accessibleName, QWidget *parent) : QTableView(parent)
{
    setAccessibleName(accessibleName);
    setHorizontalHeader(new DataHeader(this));
    setItemDelegate(new TextDelegate(this));
    setFrameShape(QFrame::NoFrame);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setCornerButtonEnabled(false);
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setTextElideMode(Qt::ElideRight);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    setHorizontalScrollMode(ScrollPerPixel);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setMinimumSectionSize(Theme::spaceSection);

    horizontalHeader()->setSectionsClickable(false);

    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
        if (m_tail != Tail::Ignored)
            m_tail = value == verticalScrollBar()->maximum() ? Tail::Followed : Tail::Left;
    });
    connect(verticalScrollBar(), &QScrollBar::rangeChanged, this, [this](int, int maximum) {
        if (m_tail == Tail::Followed)
            verticalScrollBar()->setValue(maximum);
    });
    applyTheme();
}

void DataTable::setColumnSamples(const QStringList &samples, int stretched)
{
    m_samples = samples;
    m_stretched = stretched;
    applyTheme();
}

void DataTable::setEmptyText(const QString &text)
{
    m_emptyText = text;
    viewport()->update();
}

void DataTable::setFollowing(bool following)
{
    m_tail = following ? Tail::Followed : Tail::Ignored;
}

QFont DataTable::dataFont()
{
    // A step smaller than text: tables are looked things up in, and it is their rows that count.
    QFont font = Theme::tabularFont();
    font.setPointSizeF(Theme::smallFont().pointSizeF());
    return font;
}

void DataTable::applyTheme()
{
    setFont(dataFont());
    const QFontMetrics metrics(font());
    // A minimum that the style would have larger keeps rows from being set closer.
    verticalHeader()->setMinimumSectionSize(metrics.height());
    verticalHeader()->setDefaultSectionSize(metrics.height() + Theme::spaceSmall);
    horizontalHeader()->setFont(Theme::smallFont());
    if (!model())
        return;
    const QFontMetrics heading(Theme::smallFont());
    for (int column = 0; column < std::min<int>(int(m_samples.size()), model()->columnCount()); ++column) {
        const QString title = model()->headerData(column, Qt::Horizontal).toString();
        const int arrow = isSortingEnabled() ? Theme::spaceLarge : 0;
        setColumnWidth(column, std::max(metrics.horizontalAdvance(m_samples.at(column)),
                                        heading.horizontalAdvance(title) + arrow) +
                                   Theme::space + Theme::spaceSmall);
    }
    if (m_stretched >= 0)
        horizontalHeader()->setSectionResizeMode(m_stretched, QHeaderView::Stretch);
    dropColumns();
}

void DataTable::setDroppable(const QList<int> &columns, const QString &least)
{
    m_droppable = columns;
    m_least = least;
    dropColumns();
}

void DataTable::dropColumns()
{
    if (m_droppable.isEmpty())
        return;
    int room = viewport()->width() - fontMetrics().horizontalAdvance(m_least) - 2 * Theme::space;
    for (int column = 0; column < model()->columnCount(); ++column) {
        // A hidden column has no width to ask for.
        setColumnHidden(column, false);
        if (column != m_stretched)
            room -= columnWidth(column);
    }
    for (const int column : std::as_const(m_droppable)) {
        if (room >= 0)
            break;
        room += columnWidth(column);
        setColumnHidden(column, true);
    }
}

void DataTable::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    dropColumns();
}

void DataTable::paintEvent(QPaintEvent *event)
{
    QTableView::paintEvent(event);
    if (m_emptyText.isEmpty() || (model() && model()->rowCount() > 0))
        return;
    QPainter painter(viewport());
    painter.setFont(QApplication::font());
    painter.setPen(Theme::quietText());
    painter.drawText(viewport()->rect().adjusted(Theme::spaceLarge, 0, -Theme::spaceLarge, 0),
                     Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
}

void DataTable::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    // Not the table's own font change, which it makes here itself.
    if (event->type() == QEvent::PaletteChange ||
        (event->type() == QEvent::FontChange && font().pointSizeF() != dataFont().pointSizeF()))
        applyTheme();
}

void DataTable::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        copySelection();
        return;
    }
    QTableView::keyPressEvent(event);
}

void DataTable::focusInEvent(QFocusEvent *event)
{
    const QScopedValueRollback taking(m_isTakingFocus, true);
    QTableView::focusInEvent(event);
}

QModelIndex DataTable::moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers)
{
    // A table that comes into focus would make its first row the current one, which is then chosen in all
    // views: nobody chose it.
    return m_isTakingFocus ? QModelIndex() : QTableView::moveCursor(action, modifiers);
}

void DataTable::copySelection() const
{
    QStringList lines;
    QModelIndexList rows = selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end());
    for (const QModelIndex &row : rows.first(std::min<qsizetype>(rows.size(), mostRowsCopied))) {
        QStringList cells;
        for (int column = 0; column < model()->columnCount(); ++column)
            cells += row.siblingAtColumn(column).data().toString();
        lines += cells.join(QLatin1Char('\t'));
    }
    if (!lines.isEmpty())
        QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

} // namespace Poolscope
