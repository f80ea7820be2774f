// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/journal.h"

#include "core/engine/nothread.h"
#include "core/input/jsonscanner.h"
#include "core/pool/journalformat.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <set>
#include <utility>

#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Poolscope {

namespace {

using Wire::ItemStatus;

constexpr std::size_t readAtOnce = 256 * 1024;
constexpr std::size_t writtenAtOnce = 1024 * 1024;
/// About what stands around a payload.
constexpr std::size_t bytesAround = 80;
constexpr std::size_t longestHeader = 64 * 1024 * 1024;
/// What nobody waits for is gathered for so long: a write for every item would cost more than the item.
constexpr std::chrono::milliseconds gathering(20);
constexpr int statusBits = 3;

QString text(const char *source)
{
    return QCoreApplication::translate("Poolscope::Journal", source);
}

const QString journalOption = QStringLiteral("journal");

JournalError fileError(const QString &message)
{
    return {JobProblem::Kind::Input, journalOption, message};
}

/// Values of tasks may be deeper than items may.
bool isJson(std::string_view payload)
{
    JsonScanner scanner(payload);
    return scanner.scanText() || scanner.fault() == JsonScanner::Fault::TooDeep;
}

QString shown(const QJsonValue &value)
{
    if (value.isUndefined() || value.isNull())
        return text("none");
    if (value.isString())
        return value.toString();
    const QByteArray array = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(array.mid(1, array.size() - 2));
}

} // namespace

QJsonObject journaledJob(const JobSpec &spec, const TaskSpec &task, const InitializerSpec &initializer)
{
    const QString itemType = spec.itemType == ItemType::Auto   ? QStringLiteral("auto")
                             : spec.itemType == ItemType::Text ? QStringLiteral("text")
                                                               : QStringLiteral("json");
    QJsonObject job{{QStringLiteral("item-type"), itemType},
                    {QStringLiteral("method"), unpacksItems(spec.method)
                                                   ? QStringLiteral("with unpacked items")
                                                   : QStringLiteral("with whole items")},
                    {QStringLiteral("on-error"),
                     spec.onError == OnError::Raise ? QStringLiteral("raise") : QStringLiteral("collect")},
                    {QStringLiteral("param"), task.parameters}};
    if (task.kind == TaskKind::Command)
        job.insert(QStringLiteral("command"), QJsonArray::fromStringList(task.command));
    else
        job.insert(QStringLiteral("task"), QString(task.file + QLatin1Char(':') + task.function));
    if (!initializer.function.isEmpty())
        job.insert(QStringLiteral("initializer"), initializerToJson(initializer));
    return job;
}

std::optional<JobProblem> Journal::problemWith(const QString &path, bool resume)
{
    const QFileInfo file(path);
    if (!file.exists())
        return std::nullopt;
    if (!file.isFile())
        return JobProblem{JobProblem::Kind::Input, journalOption,
                          text("%1 is not a regular file; name one").arg(path)};
    if (file.size() > 0 && !resume)
        return JobProblem{
            JobProblem::Kind::Usage, journalOption,
            text("%1 is there already and not empty; add --resume to continue the run that wrote "
                 "it, or name another file")
                .arg(path)};
    return std::nullopt;
}

Journal::Journal(const QString &path, bool resume, JournalKeeper keeper) : m_path(path), m_keeper(keeper)
{
    const auto open = [this, resume] {
        m_descriptor =
            ::open(QFile::encodeName(m_path).constData(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
        if (m_descriptor < 0)
            throw unreadable(errno);
        if (flock(m_descriptor, LOCK_EX | LOCK_NB) != 0)
            throw fileError(text("%1 is the journal of a run that goes on; wait for its end, or name another "
                                 "file")
                                .arg(m_path));
        if (const auto problem = problemWith(m_path, resume))
            throw JournalError(problem->kind, problem->option, problem->message);
        readHeader();
    };
    try {
        open();
    } catch (...) {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
        throw;
    }
}

Journal::~Journal()
{
    close();
    ::close(m_descriptor);
}

JournalError Journal::unreadable(int error) const
{
    return fileError(
        text("%1 cannot be read or written: %2").arg(m_path, QString::fromLocal8Bit(std::strerror(error))));
}

void Journal::readLines(std::uint64_t from,
                        const std::function<void(std::uint64_t, std::string_view)> &see) const
{
    if (const int error = readWholeLines(m_descriptor, from, see); error != 0)
        throw unreadable(error);
}

void Journal::readHeader()
{
    const QString noJournal = text("%1 is no journal of a run; name another file").arg(m_path);
    std::string start(journalMagic.size(), '\0');
    const ssize_t got = pread(m_descriptor, start.data(), start.size(), 0);
    if (got < 0)
        throw unreadable(errno);
    start.resize(std::size_t(got));
    // A crash may have come before the header was whole: there is nothing to resume then.
    if (!journalMagic.starts_with(start))
        throw JournalError(JobProblem::Kind::Usage, journalOption, noJournal);
    std::string line;
    std::uint64_t at = 0;
    bool isWhole = false;
    while (!isWhole) {
        char piece[4096];
        const ssize_t count = pread(m_descriptor, piece, sizeof piece, off_t(at));
        if (count < 0)
            throw unreadable(errno);
        if (count == 0)
            break;
        const std::string_view read(piece, std::size_t(count));
        const std::size_t end = read.find('\n');
        isWhole = end != std::string_view::npos;
        line.append(read.substr(0, end));
        at += read.size();
        if (line.size() > longestHeader)
            throw JournalError(JobProblem::Kind::Usage, journalOption, noJournal);
    }
    if (!isWhole)
        return;
    m_header = parseJournalHeader(line);
    m_headerSize = line.size() + 1;
    if (!m_header)
        throw fileError(
            text("%1, line 1: not the header of a journal that this version can read").arg(m_path));
}

void Journal::requireJob(const QJsonObject &job, std::optional<int> chunksize) const
{
    if (!m_header)
        return;
    const auto refuse = [this](const QString &option, const QString &was, const QString &is) {
        throw JournalError(JobProblem::Kind::Usage, journalOption,
                           text("%1 is of another job: its %2 is %3, here it is %4. Give the same, or name "
                                "another journal")
                               .arg(m_path, option, was, is));
    };
    QStringList options = m_header->job.keys() + job.keys();
    options.sort();
    options.removeDuplicates();
    for (const QString &option : std::as_const(options))
        if (m_header->job.value(option) != job.value(option))
            refuse(option, shown(m_header->job.value(option)), shown(job.value(option)));
    if (chunksize && std::uint64_t(*chunksize) != m_header->chunksize)
        refuse(QStringLiteral("chunksize"), QString::number(m_header->chunksize),
               QString::number(*chunksize));
}

void Journal::requireInput(const InputDigest &input) const
{
    if (!m_header)
        return;
    const InputDigest &old = m_header->input;
    const auto changed = [this](const QString &how) {
        const QString message =
            m_keeper == JournalKeeper::User
                ? text("the input has changed since %1 was begun: %2. Bring the old one back, or name "
                       "another journal")
                      .arg(m_path, how)
                : text("the input has changed since that run began: %1. Bring the old one back, or begin a "
                       "new run")
                      .arg(how);
        return JournalError(JobProblem::Kind::Input, QStringLiteral("input"), message);
    };
    if (input.items != old.items)
        throw changed(text("it had %1 items, now it has %2").arg(old.items).arg(input.items));
    if (input.hash != old.hash)
        throw changed(text("it has as many items, but not the same"));
}

void Journal::readOutcomes()
{
    std::uint64_t number = 1;
    Time latest = 0;
    m_lines.assign(m_header->input.items, 0);
    m_size = m_headerSize;
    readLines(m_headerSize, [this, &number, &latest](std::uint64_t offset, std::string_view line) {
        ++number;
        ItemResult result;
        std::string_view payload;
        if (!parseOutcome(line, result, payload) || !isJson(payload))
            throw fileError(text("%1, line %2: not an item's outcome; the file was damaged. Remove that line "
                                 "to run its item again, or name another journal")
                                .arg(m_path)
                                .arg(number));
        if (result.index >= m_lines.size())
            throw fileError(text("%1, line %2: item %3 of an input of %4 items; the file was damaged. Remove "
                                 "that line, or name another journal")
                                .arg(m_path)
                                .arg(number)
                                .arg(result.index)
                                .arg(m_lines.size()));
        m_lines[result.index] = offset << statusBits | std::uint64_t(result.status);
        m_size = offset + line.size() + 1;
        latest = std::max(latest, result.finished);
    });
    m_zero -= latest;
    // What was read may be in memory only, if the machine was never asked to write it.
    if (ftruncate(m_descriptor, off_t(m_size)) != 0 || !flush())
        throw unreadable(errno);
    m_writer = startThread([this] { write(); });
}

void Journal::begin(const JournalHeader &header)
{
    m_header = header;
    const std::string line = journalHeaderLine(header);
    m_headerSize = m_size = line.size();
    if (ftruncate(m_descriptor, 0) != 0 || !writeOut(line))
        throw unreadable(errno);
    // The file's name has to be on the disk too.
    const QByteArray folder = QFile::encodeName(QFileInfo(m_path).absolutePath());
    if (const int descriptor = m_keeper == JournalKeeper::User
                                   ? ::open(folder.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                                   : -1;
        descriptor >= 0) {
        fsync(descriptor);
        ::close(descriptor);
    }
    m_writer = startThread([this] { write(); });
}

std::optional<Wire::ItemStatus> Journal::statusOf(std::uint64_t index) const
{
    if (index >= m_lines.size() || m_lines[index] == 0)
        return std::nullopt;
    return ItemStatus(m_lines[index] & ((1U << statusBits) - 1));
}

ItemResult Journal::outcomeOf(std::uint64_t index)
{
    const std::uint64_t offset = m_lines[index] >> statusBits;
    // Outcomes lie in the file about in the order they are asked for.
    bool isHeld = offset >= m_windowBegin && offset < m_windowBegin + m_window.size();
    std::size_t begin = isHeld ? offset - m_windowBegin : 0;
    std::size_t end = isHeld ? m_window.find('\n', begin) : std::string::npos;
    if (end == std::string::npos) {
        m_window.clear();
        m_windowBegin = offset;
        begin = 0;
    }
    while (end == std::string::npos) {
        const std::size_t held = m_window.size();
        const std::size_t more = std::max(readAtOnce, held);
        m_window.resize(held + more);
        const ssize_t got = pread(m_descriptor, m_window.data() + held, more, off_t(offset + held));
        const int error = errno;
        m_window.resize(held + std::size_t(std::max<ssize_t>(got, 0)));
        if (got < 0 && error != EINTR)
            throw unreadable(error);
        if (got == 0)
            break;
        end = m_window.find('\n', held);
    }
    ItemResult result;
    std::string_view payload;
    if (end == std::string::npos ||
        !parseOutcome(std::string_view(m_window).substr(begin, end - begin), result, payload) ||
        result.index != index)
        throw fileError(text("%1 was changed while it was in use; name another journal").arg(m_path));
    result.payload = payload;
    // Of a session with another clock.
    result.started = result.finished = -1;
    if (result.earlier)
        for (ItemResult &attempt : *result.earlier)
            attempt.started = attempt.finished = -1;
    return result;
}

void Journal::append(std::span<const ItemResult> results)
{
    bool isLarge = false;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_error.isEmpty())
            return;
        const std::size_t before = m_pendingBytes;
        // A cancelled item will be run; there is nothing to keep of it. The text is made by the writer's
        // thread: this one has workers to feed.
        for (const ItemResult &result : results) {
            if (!result.hasOutcome || result.status == ItemStatus::Cancelled)
                continue;
            m_pending.push_back(result);
            m_pendingBytes += result.payload.size() + bytesAround;
            ++m_appended;
        }
        isLarge = (before == 0 && m_pendingBytes > 0) ||
                  (before < writtenAtOnce && m_pendingBytes >= writtenAtOnce);
    }
    if (isLarge)
        m_changed.notify_all();
}

bool Journal::sync()
{
    std::unique_lock lock(m_mutex);
    const std::uint64_t until = m_appended;
    if (m_durable < until) {
        m_isAwaited = true;
        m_changed.notify_all();
        m_changed.wait(lock, [this, until] { return m_durable >= until || !m_error.isEmpty(); });
    }
    return m_error.isEmpty();
}

bool Journal::close()
{
    {
        const std::lock_guard lock(m_mutex);
        m_closing = true;
        m_changed.notify_all();
    }
    if (m_writer.joinable())
        m_writer.join();
    const std::lock_guard lock(m_mutex);
    return m_error.isEmpty();
}

QString Journal::error() const
{
    const std::lock_guard lock(m_mutex);
    return m_error;
}

bool Journal::writeOut(std::string_view text)
{
    while (!text.empty()) {
        const ssize_t written = ::write(m_descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        text.remove_prefix(std::size_t(written));
    }
    return flush();
}

/// What is written outlives this program; only waiting for the disk makes it outlive the machine's crash.
bool Journal::flush() const
{
    return m_keeper == JournalKeeper::Program || fdatasync(m_descriptor) == 0;
}

/// The writer's thread: what came while it wrote is written together.
void Journal::write()
{
    pthread_setname_np(pthread_self(), "journal");
    std::vector<ItemResult> outcomes;
    std::string lines;
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_changed.wait(lock, [this] { return !m_pending.empty() || m_closing; });
        m_changed.wait_for(lock, gathering,
                           [this] { return m_isAwaited || m_closing || m_pendingBytes >= writtenAtOnce; });
        if (m_pending.empty())
            return;
        outcomes.clear();
        outcomes.swap(m_pending);
        m_pendingBytes = 0;
        m_isAwaited = false;
        lock.unlock();
        lines.clear();
        for (const ItemResult &outcome : outcomes)
            appendOutcome(lines, outcome, m_zero);
        const bool good = writeOut(lines);
        const int error = errno;
        lock.lock();
        if (good)
            m_durable += outcomes.size();
        else
            m_error =
                text("%1 cannot be written: %2").arg(m_path, QString::fromLocal8Bit(std::strerror(error)));
        m_changed.notify_all();
        if (!good)
            return;
    }
}

ItemSelection itemsToRun(const Journal &journal, const JobSpec &spec, std::uint64_t items,
                         std::uint64_t chunksize)
{
    std::vector<bool> selected(items);
    const bool stopsChunks = spec.onError == OnError::Raise;
    const std::set<std::uint64_t> retried(spec.retried.begin(), spec.retried.end());
    std::uint64_t raised = items; // the first item of the chunk that keeps its error
    bool chunkIsOpen = false;     // an item before in the chunk is run again
    for (std::uint64_t index = 0; index < items; ++index) {
        if (index % chunksize == 0) {
            raised = items;
            chunkIsOpen = false;
        }
        const auto status = journal.statusOf(index);
        const bool isRetried = retried.contains(index);
        const bool keepsError =
            status == ItemStatus::Error && (retried.empty() ? !spec.rerunFailed : !isRetried);
        // Where an error ends its chunk, the items behind it have not run, and are not to be run.
        const bool isBehindError = stopsChunks && raised < items && status == ItemStatus::NotRun;
        bool isWanted =
            retried.empty() ? status != ItemStatus::Ok && !keepsError && !isBehindError : isRetried;
        if (stopsChunks && (isWanted || chunkIsOpen)) {
            if (raised < items && !chunkIsOpen)
                std::fill(selected.begin() + std::ptrdiff_t(raised), selected.begin() + std::ptrdiff_t(index),
                          true);
            chunkIsOpen = isWanted = true;
        }
        if (keepsError && raised == items)
            raised = index;
        selected[index] = isWanted;
    }
    return {std::move(selected), chunksize};
}

} // namespace Poolscope
