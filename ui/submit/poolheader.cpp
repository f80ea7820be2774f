// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/submit/poolheader.h"

#include "ui/controls/flowlayout.h"
#include "ui/models/format.h"
#include "ui/pages/elidedlabel.h"
#include "ui/submit/workerstrip.h"
#include "ui/theme/accent.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace Poolscope {

namespace {

QString busyText(const PoolSnapshot &snapshot)
{
    const auto busy = std::count_if(snapshot.workers.begin(), snapshot.workers.end(),
                                    [](const auto &worker) { return worker.state == WorkerState::Running; });
    return PoolHeader::tr("%1 of %2 busy")
        .arg(Format::count(std::uint64_t(busy)), Format::workers(snapshot.workers.size()));
}

QString overText(const LivePool &pool)
{
    const QString readable = PoolHeader::tr("no process is left, the results stay");
    if (pool.wasTerminated())
        return pool.hasJoined() ? PoolHeader::tr("■ Terminated and joined: %1").arg(readable)
                                : PoolHeader::tr("■ Terminated: %1").arg(readable);
    return pool.hasJoined() ? PoolHeader::tr("✓ Closed and joined: %1").arg(readable)
                            : PoolHeader::tr("✓ Closed: %1").arg(readable);
}

} // namespace

PoolHeader::PoolHeader(QWidget *parent)
    : QWidget(parent)
    , m_headline(new ElidedLabel(this))
    , m_open(new QPushButton(tr("O&pen pool"), this))
    , m_close(new QPushButton(tr("&Close"), this))
    , m_join(new QPushButton(tr("Join"), this))
    , m_terminate(new QPushButton(tr("Terminate"), this))
    , m_workers(new WorkerStrip(this))
{
    m_headline->setObjectName(QStringLiteral("poolState")); // its accessible name is its text
    m_open->setAccessibleName(tr("Open pool"));
    m_open->setToolTip(
        tr("Start worker processes as the job at the left says: processes, max tasks per child, "
           "initializer, Python"));
    m_close->setAccessibleName(tr("Close pool"));
    m_close->setToolTip(tr("close(): no new calls; what was submitted finishes, then the workers end"));
    m_join->setAccessibleName(tr("Join pool"));
    m_join->setToolTip(tr("join(): wait until every process is gone; only after close or terminate"));
    m_terminate->setAccessibleName(tr("Terminate pool"));
    m_terminate->setToolTip(tr("terminate(): end the processes at once; what has no result is cancelled"));

    auto *const row = new QWidget(this);
    auto *const first = new FlowLayout(row);
    first->setSpacing(Theme::space);
    first->addWidget(m_headline);
    for (QPushButton *const button : {m_open, m_close, m_join, m_terminate}) {
        button->setAutoDefault(false);
        first->addWidget(button);
    }
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::space, Theme::space, Theme::space, 0);
    layout->setSpacing(Theme::space);
    layout->addWidget(row);
    layout->addWidget(m_workers);

    connect(m_open, &QPushButton::clicked, this, &PoolHeader::openWanted);
    connect(m_close, &QPushButton::clicked, this, &PoolHeader::closeWanted);
    connect(m_join, &QPushButton::clicked, this, &PoolHeader::joinWanted);
    connect(m_terminate, &QPushButton::clicked, this, &PoolHeader::terminateWanted);
    colorButtons();
}

QString PoolHeader::headline(const LivePool &pool)
{
    const QString dot = QStringLiteral(" · ");
    const CallsModel::Counts &counts = pool.calls().counts();
    switch (pool.phase()) {
    case LivePool::Phase::None:
        return pool.problem().isEmpty() ? tr("No pool yet: set Processes at the left, then press Open pool.")
                                        : tr("✕ The pool could not be opened: %1").arg(pool.problem());
    case LivePool::Phase::Opening:
        return tr("Opening: %1 start").arg(Format::workers(std::uint64_t(pool.spec().processes)));
    case LivePool::Phase::Open: {
        if (pool.applying())
            return tr("Open · ‖ the caller waits in apply for call %1").arg(Format::count(*pool.applying()));
        if (pool.unsent() > 0)
            return tr("Open · %1 still to be sent").arg(Format::calls(pool.unsent()));
        QStringList parts = {tr("Open: %1").arg(poolText(pool.spec())), busyText(pool.snapshot())};
        if (counts.pending > 0)
            parts += tr("%1 pending").arg(Format::calls(counts.pending));
        return parts.join(dot);
    }
    case LivePool::Phase::Closed: {
        const QString what = counts.open() > 0
                                 ? tr("Closed: %1 finish first").arg(Format::calls(counts.open()))
                                 : tr("Closed: the workers end");
        return what + dot + (pool.isJoining() ? tr("‖ the caller waits in join") : busyText(pool.snapshot()));
    }
    case LivePool::Phase::Terminating:
        return pool.isJoining() ? tr("■ Terminated: the processes end · ‖ the caller waits in join")
                                : tr("■ Terminated: the processes end");
    case LivePool::Phase::Over:
        return overText(pool);
    }
    return {};
}

void PoolHeader::apply(const LivePool &pool)
{
    m_headline->setFullText(headline(pool));
    const bool couldOpen = m_open->isEnabled();
    m_open->setEnabled(pool.canOpen());
    m_close->setEnabled(pool.hasPool());
    m_join->setEnabled(pool.hasPool() && !pool.isJoining());
    m_terminate->setEnabled(pool.hasPool());
    m_workers->apply(pool.snapshot().workers, pool.snapshot().now);
    if (couldOpen != m_open->isEnabled())
        colorButtons();
}

void PoolHeader::colorButtons()
{
    setAccent(m_open, m_open->isEnabled());
    for (QPushButton *const button : {m_open, m_close, m_join, m_terminate})
        button->setMinimumWidth(fontMetrics().horizontalAdvance(tr("Terminate")) + Theme::spaceSection);
    // What it says gives way to the buttons, but not its beginning.
    m_headline->setMinimumWidth(fontMetrics().averageCharWidth() * 24);
}

void PoolHeader::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::ApplicationPaletteChange || event->type() == QEvent::PaletteChange ||
        event->type() == QEvent::FontChange)
        colorButtons();
}

} // namespace Poolscope
