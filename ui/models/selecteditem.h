// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <cstdint>
#include <optional>

namespace Poolscope {

/// The item of the run that someone points at: what is chosen in one view is marked in all.
class SelectedItem final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SelectedItem)

public:
    explicit SelectedItem(QObject *parent = nullptr) : QObject(parent) {}

    const std::optional<std::uint64_t> &item() const { return m_item; }

    void select(std::optional<std::uint64_t> item)
    {
        if (item == m_item)
            return;
        m_item = item;
        Q_EMIT changed();
    }

Q_SIGNALS:
    void changed();

private:
    std::optional<std::uint64_t> m_item;
};

} // namespace Poolscope
