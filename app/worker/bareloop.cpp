// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/bareloop.h"

#include "app/worker/clock.h"
#include "app/worker/failure.h"
#include "app/worker/task.h"
#include "app/worker/taskloader.h"
#include "core/tasks/taskspec.h"
#include "core/wire/timesheet.h"

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cerrno>
#include <csignal>
#include <latch>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Poolscope::Worker {

namespace {

struct Mapping
{
    void *address = nullptr;
    std::size_t size = 0;
};

Mapping map(int descriptor, int protection)
{
    struct stat file
    {
    };
    if (fstat(descriptor, &file) != 0)
        endBroken("a descriptor that the parent named is not open");
    Mapping mapping;
    mapping.size = std::size_t(file.st_size);
    // Populated, so that no page is waited for while the clock goes.
    if (mapping.size > 0)
        mapping.address = mmap(nullptr, mapping.size, protection, MAP_SHARED | MAP_POPULATE, descriptor, 0);
    if (mapping.address == MAP_FAILED)
        endBroken("the memory that the parent shares cannot be mapped");
    close(descriptor);
    return mapping;
}

void makeBlocking(int descriptor)
{
    fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK);
}

QByteArray readLine(int descriptor)
{
    QByteArray line;
    char c = 0;
    while (c != '\n') {
        const ssize_t size = read(descriptor, &c, 1);
        if (size == 0)
            endWithoutParent();
        if (size > 0)
            line.append(c);
    }
    return line;
}

void tell(int descriptor, const QJsonObject &message)
{
    QByteArray line = QJsonDocument(message).toJson(QJsonDocument::Compact) + '\n';
    while (!line.isEmpty()) {
        const ssize_t size = write(descriptor, line.constData(), std::size_t(line.size()));
        if (size < 0 && errno != EINTR)
            endWithoutParent();
        line.remove(0, std::max<ssize_t>(size, 0));
    }
}

/// The parent says nothing more: what comes is its end.
[[noreturn]] void waitForEnd(int descriptor)
{
    for (;;)
        readLine(descriptor);
}

/// The items one after another, for one thread at a time.
class Items
{
public:
    Items(std::string_view lines, bool unpack) : m_lines(lines) { m_next.unpack = unpack; }

    bool take(Call &call)
    {
        if (m_lines.empty())
            return false;
        const std::size_t end = m_lines.find('\n');
        m_next.item = m_lines.substr(0, end);
        m_lines.remove_prefix(end + 1);
        call = m_next;
        ++m_next.index;
        return true;
    }

private:
    std::string_view m_lines;
    Call m_next;
};

/// \returns when it ended
std::int64_t runItem(Task &task, const Call &call, std::uint32_t who, Wire::TimeSheet &sheet,
                     Outcome &outcome)
{
    outcome.failure.reset();
    sheet.itemBegins(call.index, who, now());
    task.run(call, outcome);
    const std::int64_t finished = now();
    sheet.itemEnds(call.index, who, finished, !outcome.failure);
    return finished;
}

void runLoop(Task &task, Items items, Wire::TimeSheet &sheet)
{
    Call call;
    Outcome outcome;
    sheet.begin(now());
    while (items.take(call))
        sheet.deliver(call.index, runItem(task, call, 1, sheet, outcome));
}

/// Each thread has a function of its own, as the interface of plugins promises; the results go through one
/// lock, as through the queue of any pool of threads.
void runThreads(const std::vector<std::unique_ptr<Task>> &tasks, Items items, Wire::TimeSheet &sheet)
{
    std::mutex taking;
    std::mutex delivering;
    std::latch ready(std::ptrdiff_t(tasks.size()));
    std::latch begun(1);
    const auto work = [&](Task &task, std::uint32_t who) {
        Call call;
        Outcome outcome;
        ready.count_down();
        begun.wait();
        for (;;) {
            {
                const std::lock_guard lock(taking);
                if (!items.take(call))
                    return;
            }
            runItem(task, call, who, sheet, outcome);
            const std::lock_guard lock(delivering);
            sheet.deliver(call.index, now());
        }
    };
    std::vector<std::jthread> threads;
    try {
        for (std::size_t i = 0; i < tasks.size(); ++i)
            threads.emplace_back(work, std::ref(*tasks[i]), std::uint32_t(i + 1));
    } catch (...) {
        // Those that are there must not wait for the others.
        {
            const std::lock_guard lock(taking);
            items = Items({}, false);
        }
        begun.count_down();
        throw;
    }
    ready.wait();
    sheet.begin(now());
    begun.count_down();
}

} // namespace

void runBare(const Descriptors &descriptors, int items, int sheetDescriptor)
{
    makeBlocking(descriptors.in);
    makeBlocking(descriptors.out);
    const Mapping lines = map(items, PROT_READ);
    const Mapping memory = map(sheetDescriptor, PROT_READ | PROT_WRITE);
    Wire::TimeSheet sheet;
    if (!memory.address || !sheet.attach(memory.address, memory.size))
        endBroken("the memory named by --sheet-fd is no time sheet");

    const QJsonObject setup = QJsonDocument::fromJson(readLine(descriptors.in)).object();
    // A task that never ends ends with the parent. Signals that it uses belong to its own thread.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread([in = descriptors.in] { waitForEnd(in); }).detach();
    pthread_sigmask(SIG_SETMASK, &before, nullptr);

    TaskLoader loader;
    std::vector<std::unique_ptr<Task>> tasks;
    QString stage = QStringLiteral("task");
    try {
        const TaskSpec spec = taskFromJson(setup.value(QLatin1String("task")).toObject());
        const bool isThreaded = setup.value(QLatin1String("way")).toString() == QLatin1String("threads");
        const int count = isThreaded ? std::max(setup.value(QLatin1String("processes")).toInt(), 1) : 1;
        for (int i = 0; i < count; ++i)
            tasks.push_back(loader.load(spec));
        stage = QStringLiteral("initializer");
        loader.initialize(setup.value(QLatin1String("initializer")).toObject(), spec.file);
        stage = QStringLiteral("compare");
        const Items lot({static_cast<const char *>(lines.address), lines.size},
                        setup.value(QLatin1String("unpack")).toBool());
        if (isThreaded)
            runThreads(tasks, lot, sheet);
        else
            runLoop(*tasks.front(), lot, sheet);
        tell(descriptors.out,
             {{QStringLiteral("event"), QStringLiteral("done")}, {QStringLiteral("processes"), 1}});
    } catch (...) {
        const Failure failure = currentFailure();
        tell(descriptors.out, {{QStringLiteral("event"), QStringLiteral("failed")},
                               {QStringLiteral("stage"), stage},
                               {QStringLiteral("type"), QString::fromStdString(failure.type)},
                               {QStringLiteral("message"), QString::fromStdString(failure.message)}});
    }
    for (;;)
        pause();
}

} // namespace Poolscope::Worker
