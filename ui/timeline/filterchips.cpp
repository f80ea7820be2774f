// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/filterchips.h"

#include "ui/models/format.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>

namespace Poolscope {

namespace {

constexpr int longestWord = 24; // characters of what was typed

void label(QToolButton *chip, bool isOn, const QString &what)
{
    chip->setVisible(isOn);
    chip->setText(what + QStringLiteral("  ✕"));
    chip->setAccessibleName(FilterChips::tr("Remove filter: %1").arg(what));
}

} // namespace

FilterChips::FilterChips(RunFilter *filter, QWidget *parent) : QWidget(parent), m_filter(filter)
{
    setAccessibleName(tr("Filters"));
    auto *const row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::spaceSmall);
    m_time = add([](RunFilter *of) { of->showAllTime(); });
    m_worker = add([](RunFilter *of) { of->setWorker(std::nullopt); });
    m_type = add([](RunFilter *of) { of->setErrorType({}); });
    m_text = add([](RunFilter *of) { of->setLogText({}); });
    m_time->setToolTip(tr("Charts and lists show this part of the run. Click to see all of it again."));
    m_worker->setToolTip(tr("The lists show what this worker did. Click to see that of all workers again."));
    m_type->setToolTip(tr("The list of errors shows those of this type. Click to see all again."));
    m_text->setToolTip(tr("The log shows lines that have this in them. Click to see all again."));
    connect(filter, &RunFilter::changed, this, &FilterChips::refresh);
    refresh();
}

QToolButton *FilterChips::add(void (*takeAway)(RunFilter *))
{
    auto *const chip = new QToolButton(this);
    chip->setFont(Theme::smallFont());
    layout()->addWidget(chip);
    connect(chip, &QToolButton::clicked, m_filter, [filter = m_filter, takeAway] { takeAway(filter); });
    return chip;
}

void FilterChips::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        for (QToolButton *const chip : findChildren<QToolButton *>())
            chip->setFont(Theme::smallFont());
}

void FilterChips::refresh()
{
    const Narrowing narrowing = m_filter->narrowing();
    label(m_time, narrowing.stretch.has_value(),
          narrowing.stretch
              ? tr("%1 to %2")
                    .arg(Format::moment(narrowing.stretch->begin), Format::moment(narrowing.stretch->end))
              : QString());
    label(m_worker, narrowing.worker.has_value(), tr("worker %1").arg(narrowing.worker.value_or(0)));
    label(m_type, !m_filter->errorType().isEmpty(),
          Format::excerpt(m_filter->errorType().toStdString(), longestWord));
    label(m_text, !m_filter->logText().isEmpty(),
          tr("“%1”").arg(Format::excerpt(m_filter->logText().toStdString(), longestWord)));
}

void FilterChips::addWorkerTo(QMenu *menu, RunFilter *filter, std::uint32_t worker)
{
    const bool isOn = filter->worker() == worker;
    QAction *const action =
        menu->addAction(isOn ? tr("Show all workers") : tr("Show only worker %1").arg(worker));
    connect(action, &QAction::triggered, filter,
            [filter, worker, isOn] { filter->setWorker(isOn ? std::nullopt : std::optional(worker)); });
}

} // namespace Poolscope
