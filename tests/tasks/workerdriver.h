// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tasks/taskspec.h"
#include "core/wire/frame.h"
#include "core/wire/message.h"

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QProcess>

#include <cstdint>
#include <string>
#include <vector>

namespace Poolscope {

/// A parent for one worker process, as plain as can be: it sends what a test says and keeps what comes back.
class WorkerDriver final
{
public:
    enum class Recorder
    {
        None,
        Shared
    };

    struct Item
    {
        std::uint64_t chunk = 0;
        std::uint64_t index = 0;
        Wire::ItemStatus status = Wire::ItemStatus::Ok;
        QByteArray value;
        std::int64_t elapsed = 0;
        std::int64_t cpu = 0;
        /// Of an error.
        QString type() const;
        QString message() const;
        QString traceback() const;
    };

    explicit WorkerDriver(Recorder recorder = Recorder::Shared);
    ~WorkerDriver();
    Q_DISABLE_COPY_MOVE(WorkerDriver)

    /// A task under the number of its place; a name as --task takes it.
    static TaskSpec task(const QString &name, const QJsonObject &parameters = {});

    void setUp(const QList<TaskSpec> &tasks, const InitializerSpec &initializer = {});
    void addTask(std::uint32_t id, const TaskSpec &task);
    void sendChunk(std::uint64_t chunk, std::uint64_t firstIndex, const QList<QByteArray> &items,
                   std::uint32_t task = 0, std::uint32_t flags = 0);
    void recall(const std::vector<std::uint64_t> &chunks);
    void quit();
    void sendBytes(const std::string &bytes);

    /// Takes in what arrived; to be called in QTRY_ macros.
    WorkerDriver &poll();
    /// Adds what a worker that is gone left in its recorder; \returns items it had begun.
    std::uint64_t recover();
    std::uint64_t begun() const;

    QList<QByteArray> values() const;
    bool isRunning() const { return m_process.state() != QProcess::NotRunning; }
    QProcess &process() { return m_process; }

    QJsonObject hello;
    QJsonObject failed;
    bool isReady = false;
    QList<Item> items;
    std::vector<std::vector<std::uint64_t>> recalled;
    QByteArray prints;
    std::string error;

private:
    void take(const Wire::Frame &frame);
    void takeBytes(std::string_view bytes);

    QProcess m_process;
    Wire::FrameDecoder m_decoder;
    std::uint64_t m_received = 0;
    int m_descriptor = -1;
    void *m_memory = nullptr;
};

} // namespace Poolscope
