// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/lastrun.h"

#include "core/pool/jobsettings.h"
#include "core/pool/journalsummary.h"
#include "ui/models/background.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QStandardPaths>

#include <algorithm>

namespace Poolscope {

namespace {

// For a run that was begun by mistake, or in another window: what came before is still there.
constexpr qsizetype mostJournals = 5;

/// The journal that was written last comes first.
QFileInfoList journals()
{
    return QDir(LastRun::folder()).entryInfoList({QStringLiteral("*.journal")}, QDir::Files, QDir::Time);
}

std::uint64_t missingOf(const LastRun::Found &found, std::uint64_t ended, std::uint64_t notRun)
{
    // Where an error ends its chunk, the items behind it are not to be run.
    const std::uint64_t known = ended + (found.spec.onError == OnError::Raise ? notRun : 0);
    return found.items - std::min(found.items, known);
}

std::optional<LastRun::Found> newest()
{
    const QFileInfoList files = journals();
    for (const QFileInfo &file : files) {
        const auto summary = lookIntoJournal(file.filePath());
        if (!summary || summary->header.settings.isEmpty())
            continue;
        LastRun::Found found;
        found.spec = jobFromJson(summary->header.settings);
        found.spec.journal = file.filePath();
        found.items = summary->header.input.items;
        found.missing = missingOf(found, summary->ok + summary->error + summary->lost, summary->notRun);
        return found;
    }
    return std::nullopt;
}

/// FILE or FILE:FUNCTION that means the same when the program is started in another folder.
QString fromAnywhere(const QString &text)
{
    const qsizetype colon = text.lastIndexOf(u':');
    const QString file = QFileInfo::exists(text) ? text : text.left(std::max<qsizetype>(colon, 0));
    const QFileInfo info(file);
    return !file.isEmpty() && info.isRelative() && info.isFile()
               ? info.absoluteFilePath() + text.mid(file.size())
               : text;
}

} // namespace

LastRun::LastRun(QObject *parent) : QObject(parent) {}

LastRun::~LastRun()
{
    if (m_search)
        m_search->whose = nullptr;
}

QString LastRun::folder()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/runs");
}

JobSpec LastRun::journaled(JobSpec spec)
{
    spec.journal.clear();
    spec.resume = spec.rerunFailed = false;
    spec.retried.clear();
    // Results may be private: nobody else reads them.
    if (!canBeReread(spec.input) || !QDir().mkpath(folder()) ||
        !QFile::setPermissions(folder(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner))
        return spec;
    const QFileInfoList old = journals();
    for (const QFileInfo &file : old.mid(std::min(old.size(), mostJournals - 1)))
        removeUnusedJournal(file.filePath());
    spec.journal =
        QStringLiteral("%1/%2-%3.journal")
            .arg(folder(), QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd-hhmmss-zzz")))
            .arg(QCoreApplication::applicationPid());
    spec.journalKeeper = JournalKeeper::Program;
    for (QString *const text : {&spec.input, &spec.task, &spec.initializer})
        *text = fromAnywhere(*text);
    return spec;
}

void LastRun::search()
{
    m_search = std::make_shared<Search>(Search{this});
    Background::run([search = m_search] {
        auto found = newest();
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [search, found] {
                if (search->whose && search->whose->m_search == search) {
                    search->whose->m_search.reset();
                    search->whose->setFound(found);
                }
            },
            Qt::QueuedConnection);
    });
}

void LastRun::runEnded(const JobSpec &spec, const RunSnapshot &snapshot)
{
    if (spec.journal.isEmpty() || spec.journalKeeper != JournalKeeper::Program)
        return;
    const ItemCounts &items = snapshot.items;
    const std::uint64_t ended = items.ok + items.error + items.lost;
    if (ended == 0) {
        // Nothing came of it; what can be gone on with is what could be before.
        if (!spec.resume)
            removeUnusedJournal(spec.journal);
        return;
    }
    if (!QFileInfo::exists(spec.journal))
        return; // it could not be written
    m_search.reset();
    Found found;
    found.spec = spec;
    found.items = snapshot.total.value_or(items.read);
    found.missing = missingOf(found, ended, items.notRun);
    setFound(found);
}

void LastRun::setFound(std::optional<Found> found)
{
    m_found = std::move(found);
    if (m_found) {
        m_found->spec.journalKeeper = JournalKeeper::Program;
        m_found->spec.resume = true;
        m_found->spec.rerunFailed = false;
        m_found->spec.retried.clear();
    }
    Q_EMIT changed();
}

} // namespace Poolscope
