// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/resultsexport.h"

#include <QDir>

namespace Poolscope {

namespace {
// A few milliseconds of work a turn.
constexpr std::size_t recordsPerTurn = 2000;
} // namespace

ResultsExport::ResultsExport(QObject *parent) : QObject(parent)
{
    connect(&m_turns, &QTimer::timeout, this, &ResultsExport::writeSome);
}

void ResultsExport::start(const RunFeed &feed, const QString &file, Format format)
{
    cancel();
    m_file = std::make_unique<QSaveFile>(file);
    if (!m_file->open(QIODevice::WriteOnly)) {
        fail();
        return;
    }
    m_feed = &feed;
    m_format = format;
    m_written = 0;
    m_trace = {};
    if (format == Format::Csv)
        m_file->write(recordsHeader(RecordFormat::Csv).data());
    m_turns.start(0);
}

void ResultsExport::cancel()
{
    m_turns.stop();
    m_feed = nullptr;
    m_file.reset();
}

void ResultsExport::append(std::string &text, const std::vector<ItemRecord> &records)
{
    if (m_format == Format::Trace) {
        m_trace.append(text, records);
        return;
    }
    for (const ItemRecord &record : records)
        appendRecord(text, record, m_format == Format::Csv ? RecordFormat::Csv : RecordFormat::Records);
}

void ResultsExport::writeSome()
{
    const std::vector<ItemRecord> records = m_feed->delivered(m_written, recordsPerTurn);
    std::string lines;
    append(lines, records);
    if (m_format == Format::Trace && records.size() < recordsPerTurn)
        m_trace.finish(lines);
    m_file->write(lines.data(), qint64(lines.size()));
    m_written += records.size();
    if (m_file->error() != QFileDevice::NoError) {
        fail();
    } else if (records.size() == recordsPerTurn) {
        Q_EMIT progressed(m_written);
    } else if (!m_file->commit()) {
        fail();
    } else {
        const QString file = m_file->fileName();
        cancel();
        Q_EMIT finished(m_written, file);
    }
}

void ResultsExport::fail()
{
    const QString message = tr("%1 cannot be written: %2. Choose another place, or make room on the disk.")
                                .arg(QDir::toNativeSeparators(m_file->fileName()), m_file->errorString());
    cancel();
    Q_EMIT failed(message);
}

} // namespace Poolscope
