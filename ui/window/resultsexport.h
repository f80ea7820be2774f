// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/recordwriter.h"
#include "core/pool/traceformat.h"
#include "ui/models/runfeed.h"

#include <QObject>
#include <QSaveFile>
#include <QTimer>

#include <cstddef>
#include <memory>

namespace Poolscope {

/// Writes the delivered results of a run to a file, some at a time so that the window goes on answering. The
/// file appears whole or not at all.
class ResultsExport final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ResultsExport)

public:
    explicit ResultsExport(QObject *parent = nullptr);

    enum class Format
    {
        Records, ///< JSON lines
        Csv,
        Trace, ///< Chrome trace events
    };

    /// \param feed  has to stay until finished() or failed(), or until cancel()
    void start(const RunFeed &feed, const QString &file, Format format);
    void cancel();
    bool isActive() const { return m_feed != nullptr; }

Q_SIGNALS:
    void progressed(quint64 written);
    void finished(quint64 written, const QString &file);
    void failed(const QString &message);

private:
    void writeSome();
    void append(std::string &text, const std::vector<ItemRecord> &records);
    void fail();

    const RunFeed *m_feed = nullptr;
    std::unique_ptr<QSaveFile> m_file;
    Format m_format = Format::Records;
    TraceFormat m_trace;
    std::size_t m_written = 0;
    QTimer m_turns;
};

} // namespace Poolscope
