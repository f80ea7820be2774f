// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/comparisonpicture.h"

#include "core/comparison/comparisontext.h"
#include "ui/compare/comparisonmodel.h"
#include "ui/compare/raceclock.h"
#include "ui/compare/raceview.h"
#include "ui/models/format.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QCoreApplication>
#include <QFontMetrics>
#include <QPainter>
#include <QPalette>

#include <algorithm>
#include <memory>

namespace Poolscope {

namespace {

constexpr int margin = Theme::spaceLarge;
constexpr int narrowest = 900;
constexpr int laneHeight = 110;

QString tr(const char *text)
{
    return QCoreApplication::translate("Poolscope::ComparisonPicture", text);
}

QFont bold(QFont font)
{
    font.setBold(true);
    return font;
}

/// What was done, and the moment that is shown unless it is the end.
QString titleOf(const Comparison &comparison, const RaceClock &clock)
{
    const QString what =
        tr("%1 on %2, %3").arg(comparison.task, comparison.input, Format::items(comparison.items));
    return clock.time() < clock.length() ? tr("%1, after %2").arg(what, Format::moment(clock.time())) : what;
}

/// What stands in the picture and where, from the top to the bottom.
class Sheet
{
public:
    Sheet(const Comparison &comparison, const RaceView *race)
        : m_race(race)
        , m_lanes(int(comparison.racers.size()))
        , m_title(titleOf(comparison, *race->clock()))
        , m_words(ComparisonText::sentences(comparison).join(QLatin1Char('\n')))
    {
        m_figures.show(comparison);
    }

    QSize size() const
    {
        const int height = wordsTop() + wordsHeight() + margin;
        return {width(), height};
    }

    void paint(QPainter &painter) const
    {
        painter.fillRect(QRect(QPoint(), size()), Theme::dataBackground());
        painter.setFont(bold(QApplication::font()));
        painter.setPen(text());
        const QRect title(margin, margin, inside(), line());
        painter.drawText(title, Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(m_title, Qt::ElideMiddle, title.width()));
        painter.save();
        // The lanes have a margin of their own.
        painter.translate(margin - Theme::space, raceTop());
        m_race->paint(painter, QSize(inside() + Theme::space + Theme::spaceLarge, raceHeight()));
        painter.restore();
        paintFigures(painter);
        painter.setFont(QApplication::font());
        painter.setPen(text());
        painter.drawText(QRect(margin, wordsTop(), inside(), wordsHeight()),
                         Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, m_words);
    }

private:
    static QColor text() { return QApplication::palette().color(QPalette::Text); }
    static int line() { return QFontMetrics(bold(QApplication::font())).height(); }
    static int rowHeight() { return line() + Theme::space; }

    /// Wide enough for every column of the figures.
    int width() const
    {
        int columns = 0;
        for (int column = 0; column < m_figures.columnCount(); ++column)
            columns += columnWidth(column);
        return std::max({m_race->width(), narrowest, columns + 2 * margin});
    }

    int inside() const { return width() - 2 * margin; }
    int raceTop() const { return margin + line() + Theme::space; }
    int raceHeight() const { return m_lanes * laneHeight; }
    int figuresTop() const { return raceTop() + raceHeight() + Theme::space; }
    int wordsTop() const
    {
        return figuresTop() + (m_figures.rowCount() + 1) * rowHeight() + Theme::spaceLarge;
    }

    int wordsHeight() const
    {
        return QFontMetrics(QApplication::font())
            .boundingRect(QRect(0, 0, inside(), 1 << 20), Qt::TextWordWrap, m_words)
            .height();
    }

    int columnWidth(int column) const
    {
        const QFontMetrics metrics(bold(QApplication::font()));
        int width = metrics.horizontalAdvance(
            m_figures.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        for (int row = 0; row < m_figures.rowCount(); ++row)
            width =
                std::max(width, metrics.horizontalAdvance(m_figures.index(row, column).data().toString()));
        return width + Theme::spaceSection;
    }

    void paintFigures(QPainter &painter) const
    {
        const int columns = m_figures.columnCount();
        int needed = 0;
        for (int column = 0; column < columns; ++column)
            needed += columnWidth(column);
        // What is left over goes to all columns alike, so that they stay near each other in a wide picture.
        const int spare = std::min((inside() - needed) / std::max(columns, 1), 3 * Theme::spaceSection);
        int left = margin;
        for (int column = 0; column < columns; ++column) {
            const int columnRight = left + columnWidth(column) + spare;
            for (int row = -1; row < m_figures.rowCount(); ++row) {
                const QModelIndex cell = m_figures.index(row, column);
                const QString words =
                    row < 0 ? m_figures.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString()
                            : cell.data().toString();
                const QRect place(left, figuresTop() + (row + 1) * rowHeight(), columnRight - left,
                                  rowHeight());
                const bool isBest = row >= 0 && cell.data(ComparisonModel::BestRole).toBool();
                painter.setFont(row < 0 || isBest ? bold(QApplication::font()) : QApplication::font());
                painter.setPen(text());
                painter.drawText(place, (column == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter,
                                 words);
                painter.setPen(Theme::hairline());
                painter.drawLine(place.bottomLeft(), place.bottomRight());
            }
            left = columnRight;
        }
    }

    const RaceView *const m_race;
    const int m_lanes;
    const QString m_title;
    const QString m_words;
    ComparisonModel m_figures;
};

} // namespace

PictureExport::Picture comparisonPicture(const Comparison &comparison, const RaceView *race)
{
    const auto sheet = std::make_shared<const Sheet>(comparison, race);
    return {tr("comparison"), [sheet] { return sheet->size(); },
            [sheet](QPainter &painter) { sheet->paint(painter); }};
}

} // namespace Poolscope
