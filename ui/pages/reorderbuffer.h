// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/snapshot.h"
#include "core/scheduling/method.h"
#include "ui/models/completionmap.h"

#include <QWidget>

#include <optional>

namespace Poolscope {

/// What lies between the two streams: the finished results that wait, in the order of the input, behind the
/// one that is missing.
class ReorderBuffer final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ReorderBuffer)

public:
    explicit ReorderBuffer(QWidget *parent = nullptr);

    void clear(Method method);
    /// The items with an outcome are added to by whoever reads the recording.
    CompletionMap &completions() { return m_completions; }
    void apply(const RunSnapshot &snapshot);

    /// "3 results wait behind item 12".
    QString sentence() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// One of the results that wait was chosen, or the item that they wait for.
    void itemWanted(quint64 item);

protected:
    void mousePressEvent(QMouseEvent *event) override;
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    std::optional<std::uint64_t> itemAt(const QPoint &position) const;
    QRect cells() const;
    void paintSlots(QPainter &painter, const QRect &area) const;
    void paintShares(QPainter &painter, const QRect &area) const;

    Method m_method = Method::Map;
    CompletionMap m_completions;
    RunSnapshot m_snapshot;
};

} // namespace Poolscope
