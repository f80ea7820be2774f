// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/timelineaccess.h"

#include "ui/timeline/timeline.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QPointer>

#include <map>

namespace Poolscope {

namespace {

class LaneInterface final : public QAccessibleInterface
{
public:
    LaneInterface(Timeline *timeline, std::size_t lane) : m_timeline(timeline), m_lane(lane) {}

    bool isValid() const override { return m_timeline && m_lane < m_timeline->laneCount(); }
    QObject *object() const override { return nullptr; }
    QAccessibleInterface *parent() const override
    {
        return m_timeline ? QAccessible::queryAccessibleInterface(m_timeline) : nullptr;
    }
    QAccessibleInterface *child(int) const override { return nullptr; }
    QAccessibleInterface *childAt(int, int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface *) const override { return -1; }
    QAccessible::Role role() const override { return QAccessible::ListItem; }
    QAccessible::State state() const override
    {
        QAccessible::State state;
        state.focusable = state.selectable = true;
        state.focused = state.selected =
            m_timeline && m_timeline->hasFocus() && m_timeline->currentLane() == m_lane;
        return state;
    }
    QRect rect() const override
    {
        if (!m_timeline)
            return {};
        const QRect lane = m_timeline->laneRect(m_lane).toAlignedRect();
        return {m_timeline->viewport()->mapToGlobal(QPoint(0, lane.top())),
                QSize(m_timeline->viewport()->width(), lane.height())};
    }
    QString text(QAccessible::Text kind) const override
    {
        return m_timeline && kind == QAccessible::Name ? m_timeline->laneText(m_lane) : QString();
    }
    void setText(QAccessible::Text, const QString &) override {}

private:
    const QPointer<Timeline> m_timeline;
    const std::size_t m_lane;
};

class TimelineInterface final : public QAccessibleWidget
{
public:
    explicit TimelineInterface(Timeline *timeline)
        : QAccessibleWidget(timeline, QAccessible::List), m_timeline(timeline)
    {}
    ~TimelineInterface() override
    {
        for (const auto &[lane, id] : m_ids)
            QAccessible::deleteAccessibleInterface(id);
    }

    int childCount() const override { return m_timeline ? int(m_timeline->laneCount()) : 0; }
    QAccessibleInterface *child(int index) const override
    {
        if (!m_timeline || index < 0 || index >= childCount())
            return nullptr;
        const auto known = m_ids.find(index);
        if (known != m_ids.end())
            return QAccessible::accessibleInterface(known->second);
        auto *const lane = new LaneInterface(m_timeline, std::size_t(index));
        m_ids.emplace(index, QAccessible::registerAccessibleInterface(lane)); // owned by the registry
        return lane;
    }
    int indexOfChild(const QAccessibleInterface *child) const override
    {
        for (const auto &[index, id] : m_ids)
            if (QAccessible::accessibleInterface(id) == child)
                return index;
        return -1;
    }
    QAccessibleInterface *childAt(int x, int y) const override
    {
        for (int index = 0; index < childCount(); ++index)
            if (QAccessibleInterface *const lane = child(index); lane->rect().contains(x, y))
                return lane;
        return nullptr;
    }
    QAccessibleInterface *focusChild() const override
    {
        return m_timeline && m_timeline->hasFocus() ? child(int(m_timeline->currentLane())) : nullptr;
    }

private:
    const QPointer<Timeline> m_timeline;
    mutable std::map<int, QAccessible::Id> m_ids;
};

QAccessibleInterface *make(const QString &, QObject *object)
{
    auto *const timeline = qobject_cast<Timeline *>(object);
    return timeline ? new TimelineInterface(timeline) : nullptr;
}

} // namespace

void TimelineAccess::install()
{
    static const bool isInstalled = [] {
        QAccessible::installFactory(make);
        return true;
    }();
    Q_UNUSED(isInstalled)
}

void TimelineAccess::laneFocused(Timeline *timeline, int lane)
{
    QAccessibleEvent event(timeline, QAccessible::Focus);
    event.setChild(lane);
    QAccessible::updateAccessibility(&event);
}

} // namespace Poolscope
