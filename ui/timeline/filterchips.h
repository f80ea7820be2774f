// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/runfilter.h"

#include <QWidget>

class QMenu;
class QToolButton;

namespace Poolscope {

/// All that the page is filtered by, a button each that takes it away again.
class FilterChips final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FilterChips)

public:
    /// \param filter  not owned, outlives the chips
    explicit FilterChips(RunFilter *filter, QWidget *parent = nullptr);

    /// An entry that filters by a worker, or no longer does.
    static void addWorkerTo(QMenu *menu, RunFilter *filter, std::uint32_t worker);

protected:
    void changeEvent(QEvent *event) override;

private:
    QToolButton *add(void (*takeAway)(RunFilter *));
    void refresh();

    RunFilter *const m_filter;
    QToolButton *m_time;
    QToolButton *m_worker;
    QToolButton *m_type;
    QToolButton *m_text;
};

} // namespace Poolscope
