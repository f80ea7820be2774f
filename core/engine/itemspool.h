// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/input/inputsource.h"

#include <QObject>
#include <QString>

#include <atomic>
#include <cstdint>
#include <optional>
#include <thread>

namespace Poolscope {

/// Writes all items of an input, as a pool would send them, to a file without a name, in a thread of its own:
/// for a process that is given all of them at once.
class ItemSpool final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ItemSpool)
public:
    explicit ItemSpool(QObject *parent = nullptr) : QObject(parent) {}
    /// Waits for the item that is being read.
    ~ItemSpool() override;

    /// filled() follows. \param input  one that can be read again
    void start(const QString &input, const InputOptions &options);
    /// It ends early; filled() follows.
    void stop() { m_isStopped = true; }

    // After filled():
    /// Positioned at the beginning; owned by this. Negative when there is an error.
    int descriptor() const { return m_descriptor; }
    std::uint64_t items() const { return m_items; }
    /// Why the items cannot be had, in words for people.
    const std::optional<QString> &error() const { return m_error; }

Q_SIGNALS:
    void filled();

private:
    void fill(const QString &input, const InputOptions &options);
    void write(const std::string &lines);

    std::thread m_thread;
    std::atomic<bool> m_isStopped = false;
    int m_descriptor = -1;
    std::uint64_t m_items = 0;
    std::optional<QString> m_error;
};

} // namespace Poolscope
