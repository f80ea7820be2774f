// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/journalsummary.h"

#include "core/pool/journalformat.h"

#include <QFile>
#include <QFileInfo>

#include <string_view>
#include <unordered_map>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace Poolscope {

namespace {

using Wire::ItemStatus;

/// A file that is closed, and with it unlocked, at the end.
class OpenFile
{
public:
    OpenFile(const QString &path, int flags)
        : m_descriptor(::open(QFile::encodeName(path).constData(), flags | O_CLOEXEC | O_NONBLOCK))
    {}
    ~OpenFile()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    Q_DISABLE_COPY_MOVE(OpenFile)
    int descriptor() const { return m_descriptor; }
    bool isUnused() const { return m_descriptor >= 0 && flock(m_descriptor, LOCK_EX | LOCK_NB) == 0; }

private:
    const int m_descriptor;
};

} // namespace

std::optional<JournalSummary> lookIntoJournal(const QString &path)
{
    const OpenFile file(path, O_RDONLY);
    if (!QFileInfo(path).isFile() || !file.isUnused())
        return std::nullopt;
    // Whoever wants to resume it need not wait for the end of this.
    flock(file.descriptor(), LOCK_UN);
    std::optional<JournalHeader> header;
    std::unordered_map<std::uint64_t, ItemStatus> statuses; // a damaged file may name any index
    bool makesSense = true;
    const int error = readWholeLines(file.descriptor(), 0, [&](std::uint64_t offset, std::string_view line) {
        if (!makesSense)
            return;
        ItemResult result;
        std::string_view payload;
        if (offset == 0) {
            header = line.starts_with(journalMagic) ? parseJournalHeader(line) : std::nullopt;
            makesSense = header.has_value();
        } else if (parseOutcome(line, result, payload) && result.index < header->input.items) {
            statuses[result.index] = result.status;
        } else {
            makesSense = false;
        }
    });
    if (error != 0 || !makesSense || statuses.empty())
        return std::nullopt;
    JournalSummary summary;
    summary.header = std::move(*header);
    for (const auto &[index, status] : statuses) {
        summary.ok += status == ItemStatus::Ok;
        summary.error += status == ItemStatus::Error;
        summary.lost += status == ItemStatus::Lost;
        summary.notRun += status == ItemStatus::NotRun;
    }
    return summary;
}

void removeUnusedJournal(const QString &path)
{
    if (const OpenFile file(path, O_RDONLY); file.isUnused())
        QFile::remove(path);
}

} // namespace Poolscope
