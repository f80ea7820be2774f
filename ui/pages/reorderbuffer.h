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

    /// "3 results wait behind item 12.", for the next item to be delivered.
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
    /// Where the items from the next one to be delivered on are shown.
    struct Slots
    {
        QRect area;
        std::uint64_t first = 0;
        int columns = 1;
        int wide = 1;             ///< Cells that the first one takes.
        int count = 0;            ///< Items shown.
        std::uint64_t beyond = 0; ///< Results that wait and have no room.

        QRectF rectOf(int slot) const;
    };

    QRect cells() const;
    Slots slotsIn(const QRect &area) const;
    std::optional<std::uint64_t> missing() const;
    std::uint64_t leaving() const;
    std::optional<std::uint64_t> itemAt(const QPoint &position) const;
    QString textOf(std::uint64_t item) const;
    void paintSlots(QPainter &painter, const QRect &area) const;
    void paintShares(QPainter &painter, const QRect &area) const;

    Method m_method = Method::Map;
    CompletionMap m_completions;
    RunSnapshot m_snapshot;
};

} // namespace Poolscope
