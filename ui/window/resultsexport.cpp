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

void ResultsExport::start(const RunFeed &feed, const QString &file, RecordFormat format)
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
    m_file->write(recordsHeader(format).data());
    m_turns.start(0);
}

void ResultsExport::cancel()
{
    m_turns.stop();
    m_feed = nullptr;
    m_file.reset();
}

void ResultsExport::writeSome()
{
    const std::vector<ItemRecord> records = m_feed->delivered(m_written, recordsPerTurn);
    std::string lines;
    for (const ItemRecord &record : records)
        appendRecord(lines, record, m_format);
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
