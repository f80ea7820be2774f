// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <atomic>
#include <cstddef>
#include <memory>

namespace Poolscope {

/// The bytes of a file, a pipe, a device or standard input. A read that waits can be cancelled.
class ByteStream final
{
public:
    static std::unique_ptr<ByteStream> openFile(const QString &path);
    static std::unique_ptr<ByteStream> openStandardInput();
    ~ByteStream();
    Q_DISABLE_COPY_MOVE(ByteStream)

    /// How messages call it.
    const QString &name() const { return m_name; }

    /// Waits until there is something.
    /// \returns how many bytes were stored, 0 at the end and after cancel()
    std::size_t read(char *to, std::size_t size);

    /// From any thread: ends a read() that waits, and all later ones.
    void cancel();
    bool isCancelled() const { return m_cancelled.load(std::memory_order_relaxed); }

private:
    ByteStream(QString name, int descriptor);

    bool waitForBytes();

    const QString m_name;
    const int m_descriptor;
    int m_wakeUp = -1;
    std::atomic<bool> m_cancelled = false;
};

} // namespace Poolscope
