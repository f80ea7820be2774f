// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/commandline/outputfile.h"
#include "core/pool/run.h"

#include <functional>

namespace Poolscope {

/// Writes what tasks print: a JSON object a line, with the item and the stream that it is of.
class TaskOutputWriter final : public OutputSink
{
public:
    bool open(const QString &path) { return m_file.open(path); }
    bool isOpen() const { return m_file.isOpen(); }
    /// Called once, from another thread, when the file cannot be written.
    void whenBroken(std::function<void()> callback) { m_whenBroken = std::move(callback); }
    bool close() { return !isOpen() || m_file.close(); }
    void discard() { m_file.discard(); }
    const QString &error() const { return m_file.error(); }

    bool print(std::span<const LogLine> lines) override;

private:
    OutputFile m_file;
    std::function<void()> m_whenBroken;
};

} // namespace Poolscope
