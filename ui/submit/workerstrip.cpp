// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/submit/workerstrip.h"

#include "ui/models/format.h"
#include "ui/models/workersmodel.h"
#include "ui/theme/theme.h"
#include "ui/timeline/phasebrush.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace Poolscope {

namespace {

constexpr int leastWidth = 3;
constexpr int edge = 3;

QString description(const std::vector<WorkerSnapshot> &workers)
{
    QStringList parts;
    for (const WorkerSnapshot &worker : workers)
        parts += WorkerStrip::tr("worker %1, process %2: %3")
                     .arg(worker.slot)
                     .arg(worker.pid)
                     .arg(WorkersModel::stateWord(worker.state));
    return parts.join(QStringLiteral("; "));
}

} // namespace

WorkerStrip::WorkerStrip(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(tr("Pool workers"));
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
}

void WorkerStrip::apply(const std::vector<WorkerSnapshot> &workers, double now)
{
    const bool isSame = std::equal(workers.begin(), workers.end(), m_workers.begin(), m_workers.end(),
                                   [](const WorkerSnapshot &a, const WorkerSnapshot &b) {
                                       return a.pid == b.pid && a.state == b.state && a.item == b.item;
                                   });
    m_workers = workers;
    m_now = now;
    if (!isSame)
        setAccessibleDescription(description(m_workers));
    const bool isTimed = std::any_of(m_workers.begin(), m_workers.end(),
                                     [](const WorkerSnapshot &worker) { return worker.item.has_value(); });
    if (!isSame || isTimed)
        update();
}

QSize WorkerStrip::sizeHint() const
{
    return {400, fontMetrics().height() + Theme::space};
}

QSize WorkerStrip::minimumSizeHint() const
{
    return {0, sizeHint().height()};
}

QString WorkerStrip::text(const WorkerSnapshot &worker, bool whole) const
{
    if (whole && worker.state == WorkerState::Gone)
        return tr("Worker %1 · %2").arg(worker.slot).arg(WorkersModel::stateWord(worker.state));
    const QString process = worker.pid > 0 ? QString::number(worker.pid) : QStringLiteral("–");
    if (!whole)
        return process;
    const QString doing =
        worker.item ? tr("running for %1").arg(Format::moment(std::max(m_now - worker.itemStarted, 0.0)))
                    : WorkersModel::stateWord(worker.state);
    return tr("Worker %1 · process %2 · %3").arg(worker.slot).arg(process, doing);
}

int WorkerStrip::step() const
{
    const int count = std::max(int(m_workers.size()), 1);
    // Two workers do not need the whole width: cells as wide as a sentence are read more easily.
    const int most =
        fontMetrics().horizontalAdvance(
            tr("Worker %1 · process %2 · %3")
                .arg(100)
                .arg(QStringLiteral("4194304"), tr("running for %1").arg(QStringLiteral("59:59.9")))) +
        fontMetrics().height() + 3 * Theme::space;
    return std::clamp((width() + Theme::spaceSmall) / count, leastWidth + 1, most);
}

void WorkerStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    if (m_workers.empty()) {
        painter.setPen(Theme::quietText());
        painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                         fontMetrics().elidedText(tr("Its worker processes will stand here, side by side."),
                                                  Qt::ElideRight, width()));
        return;
    }
    painter.setFont(Theme::tabularFont());
    const QFontMetrics metrics(painter.font());
    const int glyphWidth = metrics.height();
    const int step = this->step();
    const int gap = step > 4 * Theme::space ? Theme::spaceSmall : 1;
    int x = 0;
    for (const WorkerSnapshot &worker : m_workers) {
        if (x >= width())
            break;
        const QRect cell(x, 0, step - gap, height());
        x += step;
        const Theme::State state = PhaseLook::stateOf(worker.state);
        const bool isBusy = worker.state == WorkerState::Running;
        const QColor color = Theme::color(state);
        QColor fill = color;
        fill.setAlphaF(isBusy ? 0.25F : 0.0F);
        painter.fillRect(cell, Theme::dataBackground());
        painter.fillRect(cell, fill);
        painter.fillRect(QRect(cell.topLeft(), QSize(std::min(edge, cell.width()), cell.height())),
                         isBusy ? color : Theme::hairline());

        QRect area = cell.adjusted(edge + Theme::spaceSmall, 0, -Theme::spaceSmall, 0);
        if (area.width() < glyphWidth)
            continue;
        painter.setPen(color);
        painter.drawText(QRect(area.topLeft(), QSize(glyphWidth, area.height())), Qt::AlignCenter,
                         Theme::glyph(state));
        area.setLeft(area.left() + glyphWidth + Theme::spaceSmall);
        painter.setPen(isBusy ? palette().color(QPalette::Text) : Theme::quietText());
        for (const bool whole : {true, false}) {
            const QString words = text(worker, whole);
            if (metrics.horizontalAdvance(words) > area.width())
                continue;
            painter.drawText(area, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, words);
            break;
        }
    }
}

bool WorkerStrip::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip && !m_workers.empty()) {
        auto *const help = static_cast<QHelpEvent *>(event);
        const auto cell = std::size_t(help->pos().x() / step());
        if (cell < m_workers.size())
            QToolTip::showText(help->globalPos(), text(m_workers[cell], true), this);
        else
            QToolTip::hideText();
        return true;
    }
    return QWidget::event(event);
}

} // namespace Poolscope
